-- publication_check: who is assigned to the complaint, and not of police affiliation, looks; the publisher reads what was found
create policy owner_keeps on publication_check to cpwg_owner using (true) with check (true);

create policy office_reads on publication_check for select
to     cpwg_publisher, cpwg_auditor
using  (true);

create policy handler_reads on publication_check for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_checks on publication_check for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on publication_check as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on publication_check as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  ((select is_not_police()));

grant select on publication_check, publication_check_record to cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, summary, findings, waived) on publication_check to cpwg_coordinator, cpwg_case_handler;
grant execute on function private_side(uuid) to cpwg_coordinator, cpwg_case_handler;
