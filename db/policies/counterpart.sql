-- counterpart: whoever handles the complaint confirms and takes back; the office reads. No source learns of it, nor anybody of police
-- affiliation: who complained stands in the police's own record
create policy owner_keeps on counterpart to cpwg_owner using (true) with check (true);

create policy office_reads on counterpart for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on counterpart for select
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_confirms on counterpart for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_takes_back on counterpart for delete
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on counterpart as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on counterpart as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  ((select is_not_police()));

grant select on counterpart, counterpart_record to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, police_record_id), delete on counterpart to cpwg_coordinator, cpwg_case_handler;
