-- complainant: the filer adds them; of the group only who is assigned to the complaint reads them, nobody of police affiliation; whoever
-- holds the case key reads them
create policy anyone_files on complainant for insert
to     cpwg_public
with check (is_being_filed(complaint_id));

create policy handler_reads on complainant for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on complainant for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy not_recused on complainant as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complainant as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant insert on complainant to cpwg_public;
grant select on complainant to cpwg_coordinator, cpwg_case_handler, cpwg_case;
