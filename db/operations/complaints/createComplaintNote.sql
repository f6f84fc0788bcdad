-- createComplaintNote: adds a note of the group's own; answers it
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into complaint_note (id, complaint_id, text)
values (:new_id, :id, :text);

select id, complaint_id, text, by_subject, at
from   complaint_note
where  id = :new_id;
