-- resolution: who is assigned to the complaint adds; the office reads, nobody of police affiliation: it is told once it is
-- published; by case key one reads
create policy owner_keeps on resolution to cpwg_owner using (true) with check (true);

create policy office_reads on resolution for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on resolution for select
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on resolution for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy handler_adds on resolution for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on resolution as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on resolution as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  ((select is_not_police()));

grant select on resolution to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant select (id, complaint_id, text_es, text_en, actions, at) on resolution to cpwg_case;
grant insert (id, complaint_id, text_es, text_en, actions) on resolution to cpwg_coordinator, cpwg_case_handler;
