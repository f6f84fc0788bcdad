-- listPublicationChecks: who had the summary looked at, and where something was found, oldest first; leaves an audit row. 404 where there is none
select must_find(exists (select from complaint_publication where id = :id));

select audit_row('read', 'publication_check', :id);

select   *
from     publication_check_record
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
