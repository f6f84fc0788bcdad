-- listComplaintNotes: the group's own notes, oldest first; leaves an audit row. 404 for who may not read them
select must_find(exists (select from complaint_private where complaint_id = :id));

select audit_row('read', 'complaint_note', :id);

select   id, complaint_id, text, by_subject, at
from     complaint_note
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
