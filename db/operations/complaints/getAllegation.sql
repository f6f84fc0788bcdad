-- getAllegation: one allegation of a complaint
select *
from   allegation_record
where  id = :allegation_id
and    complaint_id = :id;
