-- revokeCaseKey: revokes a representative's key, for good
-- guard
select id, holder
from   case_key
where  id = :id
and    complaint_id = (select case_complaint());

select must(case_holder() = 'complainant' and holder = 'representative', 'whoever complained revokes a representative''s key, and no other')
from   case_key
where  id = :id;

update case_key
set    revoked_at = clock_timestamp()
where  id = :id
and    revoked_at is null;
