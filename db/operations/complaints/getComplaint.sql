-- getComplaint: one complaint as the group handles it
select *
from   complaint_record
where  id = :id;
