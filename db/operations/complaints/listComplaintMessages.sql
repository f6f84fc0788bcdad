-- listComplaintMessages: what complainant and group wrote to each other, oldest first; leaves an audit row. 404 for who may not read it
select must_find(exists (select from complaint_private where complaint_id = :id));

select audit_row('read', 'complaint_message', :id);

select   id, complaint_id, author, language, text, by_subject, at
from     complaint_message
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
