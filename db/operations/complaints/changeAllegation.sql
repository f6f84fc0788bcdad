-- changeAllegation: changes the members that are given; answers the allegation as it is then
-- guard
select *
from   allegation_record
where  id = :allegation_id
and    complaint_id = :id
for    update;

update allegation
set    revision = revision + 1
       , category = :category              --?
       , finding = :finding                --?
       , finding_status = :finding_status  --?
       , decided_by = :decided_by          --?
       , reported_by = :reported_by        --?
       , outcome = :outcome                --?
       , decided_on = :decided_on          --?
where  id = :allegation_id;

select *
from   allegation_record
where  id = :allegation_id;
