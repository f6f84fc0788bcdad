-- Takes back complaints
begin;

set local search_path = cpwg;
drop view allegation_record, complaint_record;
drop function may_disclose(), case_key_id(), case_complaint(), case_holder(), recused_from(), assigned_to(), complaint_transition_reason(uuid), recusal_reason(uuid), reads_reasons(), is_not_police(), is_being_filed(uuid),
              shows_identity(uuid), filed_complaint(uuid, text) cascade; -- with the policies that ask them
drop table complaint_link, recusal,
           assignment, allegation, complainant, complaint_contact, complaint_private, case_key, complaint_transition, complaint, notice;
drop function begin_complaint(), time_complaint(), check_disclosure(), touch_complaint(), sign_row(), begin_private(), begin_assignment(), recuse(),
              check_allegation(), number_allegation(),
              is_past(timestamptz), quarter_of(timestamptz), city_time(timestamptz), random_reference(text);

commit;
