-- listComplaintLinks: what the complaint is linked to, oldest first; 404 where there is no such complaint
select must_find(exists (select from complaint where id = :id));

select   id, complaint_id, kind, target, by_subject, at
from     complaint_link
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
