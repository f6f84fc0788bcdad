-- getApiClient: one client, without its secrets
select *
from   api_client_record
where  id = :id;
