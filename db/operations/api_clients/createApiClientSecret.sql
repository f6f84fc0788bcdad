-- createApiClientSecret: gives the client another secret; those before end after the overlap. Answers it, this once with the secret itself
-- guard
select id
from   api_client
where  id = :id
for    update;

update api_client_secret
set    expires_at = clock_timestamp() + :overlap_hours * interval '1 hour'
where  client_id = :id
and    (expires_at is null or expires_at > clock_timestamp());

insert into api_client_secret (id, client_id, hash)
values (:new_id, :id, :client_secret_hash);

select id, client_id, at as created_at, last_used_on, expires_at, by_subject, :client_secret as client_secret
from   api_client_secret
where  id = :new_id;
