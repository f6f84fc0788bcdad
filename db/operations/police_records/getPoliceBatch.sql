-- getPoliceBatch: what became of every row of one call
select *
from   police_batch_whole
where  id = :id;
