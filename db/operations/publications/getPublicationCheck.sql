-- getPublicationCheck: one look at a summary
select *
from   publication_check_record
where  id = :check_id
and    complaint_id = :id;
