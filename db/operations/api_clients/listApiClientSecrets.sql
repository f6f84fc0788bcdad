-- listApiClientSecrets: the secrets that the client has and had, oldest first, without the secrets themselves; 404 where there is no client
select must_find(exists (select from api_client where id = :id));

select   id, client_id, at as created_at, last_used_on, expires_at, by_subject
from     api_client_secret
where    client_id = :id
and      (at, id) > (:after_created_at, :after_id)  --?
order by created_at, id
limit    :limit;
