-- createComplaintMessage: writes to the complainant; answers the message
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into complaint_message (id, complaint_id, language, text)
values (:new_id, :id, :language, :text);

select id, complaint_id, author, language, text, by_subject, at
from   complaint_message
where  id = :new_id;
