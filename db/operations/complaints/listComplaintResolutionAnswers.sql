-- listComplaintResolutionAnswers: what the complainant says to how it ended, oldest first; leaves an audit row. 404 for who may not read it
select must_find(exists (select from complaint_private where complaint_id = :id));

select audit_row('read', 'resolution_answer', :id);

select   id, complaint_id, satisfied, text, at
from     resolution_answer
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
