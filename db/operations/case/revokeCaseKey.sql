-- revokeCaseKey: revokes a key of the complaint but the one in use, for good. Two that revoke each other wait for each other: the second
-- opens nothing any more
-- guard
select k.id
from   complaint c
       join case_key k on k.complaint_id = c.id
where  c.id = (select case_complaint())
and    k.id = :id
for    update of c;

select must_find(case_complaint() is not null);
select must(case_holder() = 'complainant', 'only whoever complained revokes keys');
select must(case_key_id() <> :id, 'a key does not revoke itself; another key of whoever complained does');

update case_key
set    revoked_at = clock_timestamp()
where  id = :id
and    revoked_at is null;
