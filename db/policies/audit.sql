-- audit: rows come by audit_row() alone; nobody changes or deletes one. Nobody of police affiliation learns who read what
create policy owner_adds on audit for insert to cpwg_owner with check (true);

create policy auditor_reads on audit for select
to     cpwg_auditor
using  (true);

create policy not_police on audit as restrictive for select
to     cpwg_auditor
using  ((select is_not_police()));

grant select on audit to cpwg_auditor;
grant execute on function audit_row(text, text, uuid) to cpwg_case_handler, cpwg_coordinator, cpwg_police_staff, cpwg_city, cpwg_partner;
