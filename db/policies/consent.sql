-- consent: given by case key, by a representative only while the complainant has none; withdrawn by either; who is assigned to the complaint reads it
create policy owner_keeps on consent to cpwg_owner using (true) with check (true);

create policy handler_reads on consent for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on consent for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy case_gives on consent for insert
to     cpwg_case
with check (complaint_id = (select case_complaint()) and (select may_disclose()));

create policy case_withdraws on consent for update
to     cpwg_case
using  (complaint_id = (select case_complaint()))
with check (complaint_id = (select case_complaint()));

create policy not_recused on consent as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id <> all ((select recused_from())::uuid[]));

grant select on consent to cpwg_coordinator, cpwg_case_handler, cpwg_case;
grant insert (id, complaint_id, purpose), update (withdrawn_at) on consent to cpwg_case;
