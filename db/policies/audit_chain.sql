-- audit_chain: the worker adds; the auditor reads, but nothing of a complaint that they are recused from, nor, when they are of
-- police affiliation, of any complaint. Nobody changes or deletes a row
create policy worker_adds on audit_chain for insert
to     cpwg_worker
with check (true);

create policy worker_reads on audit_chain for select
to     cpwg_worker
using  (true);

create policy auditor_reads on audit_chain for select
to     cpwg_auditor
using  (true);

create policy not_recused on audit_chain as restrictive for select
to     cpwg_auditor
using  (complaint_id is null or complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on audit_chain as restrictive for select
to     cpwg_auditor
using  (complaint_id is null or (select is_not_police()));

grant select, insert on audit_chain to cpwg_worker;
grant select (position, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id) on audit_chain to cpwg_auditor;
grant select on audit_record to cpwg_auditor;
