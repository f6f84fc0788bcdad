-- Takes back complaints
begin;

set local search_path = cpwg;
drop table complaint_link, recusal,
           assignment, allegation, complainant, complaint_contact, complaint_private, case_key, complaint_transition, complaint, notice;
drop function begin_complaint(), time_complaint(), check_disclosure(), touch_complaint(), sign_row(), begin_private(), begin_assignment(), recuse(),
              check_allegation(), number_allegation(),
              is_past(timestamptz), quarter_of(timestamptz), city_time(timestamptz), random_reference(text);

commit;
