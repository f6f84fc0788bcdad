-- organization_transition: the coordinator adds, the coordinator and the auditor read, nobody changes or deletes
create policy coordinator_moves on organization_transition for insert
to     cpwg_coordinator
with check (true);

create policy history_is_read on organization_transition for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

grant select on organization_transition to cpwg_coordinator, cpwg_auditor;
grant insert (id, record_id, to_state, reason, public_note_es, public_note_en) on organization_transition to cpwg_coordinator;
