-- getCaseMessage: one message between complainant and group
select id, author, language, text, at
from   complaint_message
where  id = :id
and    complaint_id = (select case_complaint());
