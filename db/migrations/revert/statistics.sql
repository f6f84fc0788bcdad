-- Takes back statistics
begin;

set local search_path = cpwg;
drop trigger fact on complaint;
drop trigger fact on allegation;
drop trigger fact on counterpart;
drop function complaint_statistics(text, text), statistics_of(text, text), quarter_number(text), roll_up(statistic_cell[], int),
              is_safe(numeric, numeric, int);
drop type statistic_cell;
drop view statistic_fact;
drop function statistics_until(), fact_of_complaint(), fact_of_part(), refresh_fact(uuid);
drop index police_record_counted;
drop table complaint_fact, suppression_class;

commit;
