-- transitionCase: moves the complaint as far as whoever complained may (trigger make_transition); why is a message, sealed, which
-- the move names; answers the complaint as it is then
-- guard
select revision as "_revision"
from   complaint
where  id = (select case_complaint())
for    update;

insert into complaint_message (id, complaint_id, language, text)
select :new_id, case_complaint(), :language, :text
where  :text is not null;

insert into complaint_transition (id, record_id, to_state, message_id)
values (:new_id, case_complaint(), :to, case when :text is not null then :new_id end);

select *
from   case_record;
