-- getPoliceRecordNarrative: the department's own words, for who handles the counterpart; reading them leaves an audit row
select must_find(exists (select from police_record_private where record_id = :id));

select audit_row('read', 'police_record_private', :id);

select record_id as id, narrative
from   police_record_private
where  record_id = :id;
