-- getCounterpart: one counterpart of a complaint
select *
from   counterpart_record
where  id = :counterpart_id
and    complaint_id = :id;
