-- referral_transition: the recipient moves what was sent to it, whoever is assigned to the complaint takes it back; nobody changes a move.
-- In which role is told, who is not; why is for the group alone: referral_transition_reason()
create policy owner_reads on referral_transition for select to cpwg_owner using (true); -- for referral_transition_reason()

create policy recipient_moves on referral_transition for insert
to     cpwg_police_staff, cpwg_city, cpwg_partner
with check (exists (select from referral r where r.id = record_id));

create policy handler_moves on referral_transition for insert
to     cpwg_coordinator, cpwg_case_handler
with check (exists (select from referral r where r.id = record_id));

create policy parties_read on referral_transition for select
to     cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (exists (select from referral r where r.id = record_id));

grant select (id, record_id, from_state, to_state, public_note_es, public_note_en, by_role, at) on referral_transition
to    cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, record_id, to_state, reason, public_note_es, public_note_en) on referral_transition
to    cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_coordinator, cpwg_case_handler;
grant execute on function referral_transition_reason(uuid) -- recipients ask, too, and are told no
to    cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
