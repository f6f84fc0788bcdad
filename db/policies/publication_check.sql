-- publication_check: who is assigned to the complaint looks at what they draft, and who approves at what they approve, whose looks nobody
-- else sees: what they find may be what is withheld from all others. Nobody of police affiliation does either
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

create policy publisher_checks on publication_check for insert
to     cpwg_publisher
with check (approves(complaint_id));

create policy own_side on publication_check as restrictive for select
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  (not is_for_approval(by_role) or approves(complaint_id));

create policy not_recused on publication_check as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on publication_check as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  ((select is_not_police()));

grant select on publication_check, publication_check_record to cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, summary, findings, waived) on publication_check to cpwg_coordinator, cpwg_case_handler, cpwg_publisher;
grant execute on function private_side(uuid) to cpwg_coordinator, cpwg_case_handler, cpwg_publisher;
grant execute on function approves(uuid), is_for_approval(text) to cpwg_coordinator, cpwg_case_handler, cpwg_publisher, cpwg_auditor;
