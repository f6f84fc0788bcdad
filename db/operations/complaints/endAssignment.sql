-- endAssignment: takes a complaint from who handles it; an assignment that has ended stays as it is
-- guard
select id
from   assignment
where  id = :assignment_id
and    complaint_id = :id
for    update;

update assignment
set    ended_at = clock_timestamp()
where  id = :assignment_id
and    ended_at is null;
