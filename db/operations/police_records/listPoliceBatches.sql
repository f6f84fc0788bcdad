-- listPoliceBatches: calls of police systems without their rows, oldest first; a source sees its own
select   *
from     police_batch_row
where    true
and      source = :source  --?
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
