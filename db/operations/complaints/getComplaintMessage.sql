-- getComplaintMessage: one message; leaves an audit row
select must_find(exists (select from complaint_message where id = :message_id and complaint_id = :id));

select audit_row('read', 'complaint_message', :message_id);

select id, complaint_id, author, language, text, by_subject, at
from   complaint_message
where  id = :message_id
and    complaint_id = :id;
