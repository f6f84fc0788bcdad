-- listAssignments: who handles the complaint and who did, oldest first; 404 where there is none
select must_find(exists (select from complaint where id = :id));

select   id, complaint_id, subject, assigned_by, assigned_at, ended_at
from     assignment
where    complaint_id = :id
and      (assigned_at, id) > (:after_assigned_at, :after_id)  --?
order by assigned_at, id
limit    :limit;
