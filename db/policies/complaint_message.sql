-- complaint_message: sealed. Who is assigned to the complaint, and whoever holds its case key, read and write; nobody of police
-- affiliation; nobody changes one. Who of the group wrote is not told outside it
create policy owner_reads on complaint_message for select to cpwg_owner using (true); -- for private_side()

create policy handler_reads on complaint_message for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_writes on complaint_message for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on complaint_message for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy case_writes on complaint_message for insert
to     cpwg_case
with check (complaint_id = (select case_complaint()));

create policy not_recused on complaint_message as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_message as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant select, insert (id, complaint_id, language, text) on complaint_message to cpwg_coordinator, cpwg_case_handler;
grant select (id, complaint_id, author, language, text, at), insert (id, complaint_id, language, text) on complaint_message to cpwg_case;
