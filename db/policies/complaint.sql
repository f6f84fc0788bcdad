-- complaint: anybody files. Coordinator and auditor read the record of every complaint (nothing in it tells who complained),
-- a case handler those assigned to them, whoever holds a case key its own; a recusal takes all of it away. Nobody
-- of police affiliation changes one. State moves only through complaint_transition. The public reads published_complaint, never this
create policy owner_keeps on complaint to cpwg_owner using (true) with check (true);

create policy anyone_files on complaint for insert
to     cpwg_public
with check (true);

create policy office_reads on complaint for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on complaint for select
to     cpwg_case_handler
using  (id = any ((select assigned_to())::uuid[]));

create policy case_reads on complaint for select
to     cpwg_case
using  (id = (select case_complaint()));

create policy coordinator_changes on complaint for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy handler_changes on complaint for update
to     cpwg_case_handler
using  (id = any ((select assigned_to())::uuid[]))
with check (id = any ((select assigned_to())::uuid[]));

create policy case_changes on complaint for update
to     cpwg_case
using  (id = (select case_complaint()))
with check (id = (select case_complaint()));

create policy not_recused on complaint as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint as restrictive for update
to     cpwg_coordinator, cpwg_case_handler
using  (true)
with check ((select is_not_police()));

grant insert (id, kind, occurred_from, occurred_to, neighborhood_code, language, interpreter, through_representative, under_18,
              pending_criminal_case, retaliation, publish, identity_to, notice_version)
on    complaint
to    cpwg_public;
grant insert (channel, received_at) on complaint to cpwg_coordinator, cpwg_case_handler;
grant select on complaint, complaint_record to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant select on complaint, case_record to cpwg_case;
grant update (revision, kind, occurred_from, occurred_to, neighborhood_code, interpreter, under_18, pending_criminal_case, retaliation)
on    complaint
to    cpwg_coordinator, cpwg_case_handler;
grant update (revision, interpreter, publish, identity_to) on complaint to cpwg_case;
grant update on complaint_record to cpwg_coordinator, cpwg_case_handler; -- for its locks: a guard selects for update
grant update on case_record to cpwg_case;

grant execute on function recused_from(), assigned_to() to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant execute on function recused_from(), is_not_police() to cpwg_publisher;
grant execute on function case_complaint(), case_holder() to cpwg_case;
grant execute on function is_being_filed(uuid), filed_complaint(uuid, text) to cpwg_public;
grant execute on function horizon() to cpwg_case_handler, cpwg_coordinator, cpwg_auditor;
