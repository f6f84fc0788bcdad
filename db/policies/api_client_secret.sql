-- api_client_secret: the coordinator adds and ends them, the coordinator and the auditor read of them, never the hash; nobody of police
-- affiliation. cpwg_identity compares, and notes the day
create policy owner_counts on api_client_secret for select to cpwg_owner using (true);

create policy coordinator_adds on api_client_secret for insert
to     cpwg_coordinator
with check (true);

create policy coordinator_ends on api_client_secret for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy office_reads on api_client_secret for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy not_police on api_client_secret as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

create policy identity_reads on api_client_secret for select
to     cpwg_identity
using  (true);

create policy identity_notes_the_day on api_client_secret for update
to     cpwg_identity
using  (true)
with check (true);

grant select (id, client_id, last_used_on, expires_at, by_subject, at) on api_client_secret to cpwg_coordinator, cpwg_auditor;
grant insert (id, client_id, hash), update (expires_at) on api_client_secret to cpwg_coordinator;
grant select (id, client_id, hash, last_used_on, expires_at), update (last_used_on) on api_client_secret to cpwg_identity;
