-- complaint_private: sealed. Its filer adds it and reads it by case key; of the group only who is assigned to the complaint, and
-- nobody of police affiliation, whatever their role. Who signed in to file it is read by nobody
create policy owner_keeps on complaint_private to cpwg_owner using (true) with check (true);

create policy anyone_files on complaint_private for insert
to     cpwg_public
with check (is_being_filed(complaint_id));

create policy handler_reads on complaint_private for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on complaint_private for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy not_recused on complaint_private as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_private as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant insert (complaint_id, narrative, place, officer_described) on complaint_private to cpwg_public;
grant select (complaint_id, narrative, place, officer_described) on complaint_private to cpwg_coordinator, cpwg_case_handler, cpwg_case;
grant execute on function is_not_police() to cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher;
