-- person_transition: the coordinator adds, the coordinator and the auditor read, nobody changes or deletes, and none of them is of the police
create policy owner_moves on person_transition to cpwg_owner using (true) with check (true);

create policy coordinator_moves on person_transition for insert
to     cpwg_coordinator
with check (true);

create policy office_reads on person_transition for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy not_police on person_transition as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

grant select on person_transition to cpwg_coordinator, cpwg_auditor;
grant insert (id, record_id, to_state, reason) on person_transition to cpwg_coordinator;
