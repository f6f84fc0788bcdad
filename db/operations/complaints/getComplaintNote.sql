-- getComplaintNote: one note of the group's own; leaves an audit row
select must_find(exists (select from complaint_note where id = :note_id and complaint_id = :id));

select audit_row('read', 'complaint_note', :note_id);

select id, complaint_id, text, by_subject, at
from   complaint_note
where  id = :note_id
and    complaint_id = :id;
