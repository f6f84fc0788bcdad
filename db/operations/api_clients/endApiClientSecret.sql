-- endApiClientSecret: ends a secret at once; one that has ended stays as it is
-- guard
select id
from   api_client_secret
where  id = :credential_id
and    client_id = :id
for    update;

update api_client_secret
set    expires_at = clock_timestamp()
where  id = :credential_id;
