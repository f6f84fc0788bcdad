-- createPoliceBatch: creates or corrects records of the caller's source, each by itself; answers what became of every row
select push_police_records(:new_id, :records, :records_refused, :caller_language);

select *
from   police_batch_whole
where  id = :new_id;
