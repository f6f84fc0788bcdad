-- listCounterparts: the police record of the same event as a complaint; 404 where there is no such complaint
select must_find(exists (select from complaint where id = :id));

select   *
from     counterpart_record
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
