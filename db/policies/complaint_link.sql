-- complaint_link: the coordinator, who moves complaints to `duplicate` without being assigned, adds and deletes; so does who is
-- assigned to the complaint; the office reads. Nobody of police affiliation does: an emergency or an inquiry tells who
-- complained
create policy office_reads on complaint_link for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on complaint_link for select
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy coordinator_adds on complaint_link for insert
to     cpwg_coordinator
with check (true);

create policy handler_adds on complaint_link for insert
to     cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy coordinator_deletes on complaint_link for delete
to     cpwg_coordinator
using  (true);

create policy handler_deletes on complaint_link for delete
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on complaint_link as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_link as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  ((select is_not_police()));

grant select on complaint_link to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, kind, target), delete on complaint_link to cpwg_coordinator, cpwg_case_handler;
