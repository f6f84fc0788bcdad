-- changeApiClient: changes the members that are given; answers the client as it is then
-- guard
select *
from   api_client_record
where  id = :id
for    update;

update api_client
set    revision = revision + 1
       , name = :name                      --?
       , scopes = :scopes               --?
       , address_ranges = :address_ranges::cidr[]  --?
       , keys = :jwks.keys                 --?
where  id = :id;

select *
from   api_client_record
where  id = :id;
