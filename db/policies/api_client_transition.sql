-- api_client_transition: the coordinator adds, the coordinator and the auditor read, nobody of police affiliation; nobody changes or deletes
create policy coordinator_moves on api_client_transition for insert
to     cpwg_coordinator
with check (true);

create policy history_is_read on api_client_transition for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy not_police on api_client_transition as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

grant select on api_client_transition to cpwg_coordinator, cpwg_auditor;
grant insert (id, record_id, to_state, reason) on api_client_transition to cpwg_coordinator;
