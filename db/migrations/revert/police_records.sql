-- Takes back police_records
begin;

set local search_path = cpwg;
drop view counterpart_record, police_batch_whole, police_batch_row, police_record_whole, police_record_row;
drop function push_police_records(uuid, jsonb, jsonb, text), store_police_records(judged_police_record[]),
              police_records_of(judged_police_record[]), judge_police_records(jsonb, text), empty_police_records(uuid[]);
drop type judged_police_record;
drop function caller_source(), counterparts_of_caller() cascade; -- with the policies that ask them
drop table counterpart, police_batch, police_record_allegation, police_record_complainant, police_record_private, police_record, source_place,
           source_category, source;
drop function begin_police_record(), withdraw_police_record(), begin_counterpart(), plain_word(text);

commit;
