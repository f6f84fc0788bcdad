-- getAssignment: one assignment of a complaint
select id, complaint_id, subject, assigned_by, assigned_at, ended_at
from   assignment
where  id = :assignment_id
and    complaint_id = :id;
