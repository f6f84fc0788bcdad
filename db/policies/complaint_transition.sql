-- complaint_transition: who may see the complaint may see how it moved; whoever handles it, and is not of police affiliation, and
-- whoever filed it move it, as far as its lifecycle lets their role; nobody changes or deletes a move. Why is sealed, and nobody
-- reads the column: complaint_transition_reason() tells the group
create policy owner_reads on complaint_transition for select to cpwg_owner using (true); -- for complaint_transition_reason()

create policy office_reads on complaint_transition for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on complaint_transition for select
to     cpwg_case_handler
using  (record_id = any ((select assigned_to())::uuid[]));

create policy case_reads on complaint_transition for select
to     cpwg_case
using  (record_id = (select case_complaint()));

create policy coordinator_moves on complaint_transition for insert
to     cpwg_coordinator
with check (true);

create policy handler_moves on complaint_transition for insert
to     cpwg_case_handler
with check (record_id = any ((select assigned_to())::uuid[]));

create policy case_moves on complaint_transition for insert
to     cpwg_case
with check (record_id = (select case_complaint()));

create policy not_recused on complaint_transition as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (record_id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_transition as restrictive for insert
to     cpwg_coordinator, cpwg_case_handler
with check ((select is_not_police()));

grant select (id, record_id, from_state, to_state, message_id, public_note_es, public_note_en, by_subject, by_role, at) on complaint_transition to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant select (id, record_id, from_state, to_state, public_note_es, public_note_en, at) on complaint_transition to cpwg_case;
grant insert (id, record_id, to_state, reason, public_note_es, public_note_en) on complaint_transition to cpwg_coordinator, cpwg_case_handler;
grant insert (id, record_id, to_state, message_id) on complaint_transition to cpwg_case;
grant execute on function complaint_transition_reason(uuid) to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
