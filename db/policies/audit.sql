-- audit: rows come by triggers and audit_row() alone; the worker reads them, nobody changes or deletes one
create policy owner_adds on audit for insert to cpwg_owner with check (true);

create policy worker_reads on audit for select
to     cpwg_worker
using  (true);

grant select on audit to cpwg_worker;
grant execute on function audit_row(text, text, uuid)
to    cpwg_case_handler, cpwg_coordinator, cpwg_publisher, cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_auditor;
