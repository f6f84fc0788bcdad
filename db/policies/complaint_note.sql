-- complaint_note: sealed. Who is assigned to the complaint reads and adds, nobody of police affiliation; nobody changes one
create policy handler_reads on complaint_note for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_adds on complaint_note for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on complaint_note as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_note as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant select, insert (id, complaint_id, text) on complaint_note to cpwg_coordinator, cpwg_case_handler;
