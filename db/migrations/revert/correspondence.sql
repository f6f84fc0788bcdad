-- Takes back correspondence
begin;

set local search_path = cpwg;
drop view case_record;
alter table complaint_transition drop column message_id;
drop table resolution_answer, resolution, complaint_message, complaint_note;
drop function begin_message();

commit;
