-- revokeCaseKey: revokes a representative's key, for good
-- guard
select k.id
from   complaint c
       join case_key k on k.complaint_id = c.id
where  c.id = (select case_complaint())
and    k.id = :id
for    update of c;

select must(case_holder() = 'complainant' and holder = 'representative', 'whoever complained revokes a representative''s key, and no other')
from   case_key
where  id = :id;

update case_key
set    revoked_at = clock_timestamp()
where  id = :id
and    revoked_at is null;
