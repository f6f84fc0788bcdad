-- assignComplaint: gives a complaint to somebody to handle; answers the assignment
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into assignment (id, complaint_id, subject)
values (:new_id, :id, :subject);

select id, complaint_id, subject, assigned_by, assigned_at, ended_at
from   assignment
where  id = :new_id;
