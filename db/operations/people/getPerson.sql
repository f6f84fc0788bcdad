-- getPerson: one person as the office sees them
select *
from   person_record
where  id = :id;
