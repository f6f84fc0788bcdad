-- invitation: the coordinator makes them, and reads with the auditor until when they hold, never a hash; nobody of the police
create policy owner_ends on invitation to cpwg_owner using (true) with check (true);

create policy coordinator_invites on invitation for insert
to     cpwg_coordinator
with check (true);

create policy office_reads on invitation for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy not_police on invitation as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

grant insert (id, person_id, hash) on invitation to cpwg_coordinator;
grant select (id, person_id, expires_at, ended_at) on invitation to cpwg_coordinator, cpwg_auditor;
