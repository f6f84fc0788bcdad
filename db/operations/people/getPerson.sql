-- getPerson: one person as the office sees them; leaves an audit row
select must_find(exists (select from person where id = :id));

select audit_row('read', 'person', :id);

select *
from   person_record
where  id = :id;
