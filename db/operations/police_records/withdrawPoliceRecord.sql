-- withdrawPoliceRecord: takes a record back for good (trigger withdraw_police_record); answers what is left of it
-- guard
select revision as "_revision"
from   police_record
where  id = :id
for    update;

update police_record
set    revision = revision + 1, withdrawn_as = :reason
where  id = :id;

select *
from   police_record_whole
where  id = :id;
