-- getPublicationCheck: one look at a summary; leaves an audit row
select must_find(exists (select from publication_check_record where id = :check_id and complaint_id = :id));

select audit_row('read', 'publication_check', :check_id);

select *
from   publication_check_record
where  id = :check_id
and    complaint_id = :id;
