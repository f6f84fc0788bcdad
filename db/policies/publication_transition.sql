-- publication_transition: the publisher moves every publication, whoever is assigned to the complaint theirs, as far as the lifecycle
-- lets their role, nobody of police affiliation; nobody changes a move. Why: publication_transition_reason()
create policy owner_reads on publication_transition for select to cpwg_owner using (true); -- for publication_obstacle() and why

create policy office_reads on publication_transition for select
to     cpwg_publisher, cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on publication_transition for select
to     cpwg_case_handler
using  (record_id = any ((select assigned_to())::uuid[]));

create policy publisher_moves on publication_transition for insert
to     cpwg_publisher
with check (true);

create policy handler_moves on publication_transition for insert
to     cpwg_coordinator, cpwg_case_handler
with check (record_id = any ((select assigned_to())::uuid[]));

create policy not_recused on publication_transition as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  (record_id <> all ((select recused_from())::uuid[]));

create policy not_police on publication_transition as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  ((select is_not_police()));

grant select (id, record_id, from_state, to_state, public_note_es, public_note_en, preview_version, by_subject, by_role, at) on publication_transition
to    cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, record_id, to_state, reason, public_note_es, public_note_en, preview_version)
on    publication_transition
to    cpwg_publisher, cpwg_coordinator, cpwg_case_handler;
grant execute on function publication_transition_reason(uuid) to cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
