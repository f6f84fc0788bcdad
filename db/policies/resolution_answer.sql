-- resolution_answer: whoever holds the case key answers; who is assigned to the complaint reads, nobody of police affiliation
create policy owner_reads on resolution_answer for select to cpwg_owner using (true); -- for private_side()

create policy handler_reads on resolution_answer for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on resolution_answer for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy case_answers on resolution_answer for insert
to     cpwg_case
with check (complaint_id = (select case_complaint()));

create policy not_recused on resolution_answer as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on resolution_answer as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant select on resolution_answer to cpwg_coordinator, cpwg_case_handler, cpwg_case;
grant insert (id, complaint_id, satisfied, text) on resolution_answer to cpwg_case;
