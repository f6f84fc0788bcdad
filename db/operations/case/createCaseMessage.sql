-- createCaseMessage: sends a message to whoever handles the complaint; answers it
-- guard
select id
from   complaint
where  id = (select case_complaint())
for    key share;

insert into complaint_message (id, complaint_id, language, text)
values (:new_id, case_complaint(), :language, :text);

select id, author, language, text, at
from   complaint_message
where  id = :new_id;
