-- allegation: the filer adds; the office reads, whoever is assigned to the complaint adds and changes; by case key one reads. A
-- coordinator who is not assigned, or of police affiliation, finds what they may not change, and is refused
create policy owner_keeps on allegation to cpwg_owner using (true) with check (true);

create policy anyone_files on allegation for insert
to     cpwg_public
with check (is_being_filed(complaint_id));

create policy office_reads on allegation for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on allegation for select
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy case_reads on allegation for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy handler_adds on allegation for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy coordinator_changes on allegation for update
to     cpwg_coordinator
using  (true)
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_changes on allegation for update
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]))
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy not_recused on allegation as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on allegation as restrictive for update
to     cpwg_coordinator, cpwg_case_handler
using  (true)
with check ((select is_not_police()));

create policy no_police_adds on allegation as restrictive for insert
to     cpwg_coordinator, cpwg_case_handler
with check ((select is_not_police()));

grant insert (complaint_id, ordinal, category) on allegation to cpwg_public;
grant insert (id, finding, finding_status, decided_by, reported_by, outcome, decided_on) on allegation -- beside what anybody inserts
to    cpwg_coordinator, cpwg_case_handler;
grant update (revision, category, finding, finding_status, decided_by, reported_by, outcome, decided_on) on allegation
to    cpwg_coordinator, cpwg_case_handler;
grant select on allegation, allegation_record to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant update on allegation_record to cpwg_coordinator, cpwg_case_handler; -- for its locks: a guard selects for update
grant select (id, complaint_id, ordinal, category, finding, finding_status) on allegation to cpwg_case;
