-- createComplaintLink: links a complaint to another record; answers the link
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into complaint_link (id, complaint_id, kind, target)
values (:new_id, :id, :kind, :target);

select id, complaint_id, kind, target, by_subject, at
from   complaint_link
where  id = :new_id;
