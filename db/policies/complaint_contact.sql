-- complaint_contact: sealed. Of the group only who is assigned to the complaint reads it, if the complainant lets the group know who
-- they are; nobody of police affiliation. By case key each party reads and changes its own
create policy owner_keeps on complaint_contact to cpwg_owner using (true) with check (true);

create policy anyone_files on complaint_contact for insert
to     cpwg_public
with check (is_being_filed(complaint_id));

create policy handler_reads on complaint_contact for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]) and shows_identity(complaint_id));

create policy case_reads on complaint_contact for select
to     cpwg_case
using  (complaint_id = (select case_complaint()) and party = (select case_holder()));

create policy case_adds on complaint_contact for insert
to     cpwg_case
with check (complaint_id = (select case_complaint()) and party = (select case_holder()));

create policy case_changes on complaint_contact for update
to     cpwg_case
using  (complaint_id = (select case_complaint()) and party = (select case_holder()))
with check (complaint_id = (select case_complaint()) and party = (select case_holder()));

create policy case_deletes on complaint_contact for delete
to     cpwg_case
using  (complaint_id = (select case_complaint()) and party = (select case_holder()));

create policy not_recused on complaint_contact as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_contact as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant insert on complaint_contact to cpwg_public; -- and to whoever inherits it: by case key as well
grant select on complaint_contact to cpwg_coordinator, cpwg_case_handler, cpwg_case;
grant update (contact), delete on complaint_contact to cpwg_case;
grant execute on function shows_identity(uuid) to cpwg_coordinator, cpwg_case_handler;
