-- createApiClient: adds a client, with a first secret where it has no keys of its own; answers it, this once with the secret
insert into api_client (id, name, role, organization_id, source_code, scopes, address_ranges, keys)
values (:new_id, :name, :role, :organization, :source, :scopes, coalesce(:address_ranges, '{}'::text[])::cidr[], :jwks.keys);

insert into api_client_secret (id, client_id, hash)
select gen_random_uuid(), :new_id, :client_secret_hash
where  :jwks.keys is null;

select *, case when "jwks.keys" is null then :client_secret end as client_secret
from   api_client_record
where  id = :new_id;
