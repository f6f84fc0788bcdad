-- api_client: the coordinator keeps them, the auditor reads; nobody of police affiliation does either, whatever their role, and no system
-- reads itself. Whoever shows a client's credentials is looked up as cpwg_identity
create policy owner_moves on api_client to cpwg_owner using (true) with check (true);

create policy office_reads on api_client for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy coordinator_adds on api_client for insert
to     cpwg_coordinator
with check (true);

create policy coordinator_changes on api_client for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy not_police on api_client as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

create policy identity_reads on api_client for select
to     cpwg_identity
using  (true);

grant select on api_client, api_client_record to cpwg_coordinator, cpwg_auditor;
grant insert (id, name, role, organization_id, source_code, scopes, address_ranges, keys) on api_client to cpwg_coordinator;
grant update (revision, name, scopes, address_ranges, keys) on api_client to cpwg_coordinator;
grant update on api_client_record to cpwg_coordinator; -- for its locks
grant select (id, role, organization_id, source_code, scopes, address_ranges, keys, state) on api_client to cpwg_identity;
grant execute on function horizon() to cpwg_coordinator, cpwg_auditor;
