-- getApiClientSecret: one secret of the client, without the secret itself
select id, client_id, at as created_at, last_used_on, expires_at, by_subject
from   api_client_secret
where  client_id = :id
and    id = :credential_id;
