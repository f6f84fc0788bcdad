-- getResolutionAnswer: one answer to the resolution
select id, satisfied, text, at
from   resolution_answer
where  id = :id
and    complaint_id = (select case_complaint());
