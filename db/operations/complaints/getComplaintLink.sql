-- getComplaintLink: one link of a complaint
select id, complaint_id, kind, target, by_subject, at
from   complaint_link
where  id = :link_id
and    complaint_id = :id;
