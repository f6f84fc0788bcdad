-- getMember: one seat as the office sees it
select *
from   member_record
where  id = :id;
