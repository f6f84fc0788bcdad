-- deleteComplaintLink: takes a link of a complaint away
-- guard
select c.id
from   complaint c
       join complaint_link l on l.complaint_id = c.id
where  c.id = :id
and    l.id = :link_id
for    update of c;

delete from complaint_link
where  id = :link_id;
