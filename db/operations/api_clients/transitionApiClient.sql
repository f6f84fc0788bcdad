-- transitionApiClient: moves a client along its lifecycle (trigger make_transition); answers it as it is then
-- guard
select revision as "_revision"
from   api_client
where  id = :id
for    update;

insert into api_client_transition (id, record_id, to_state, reason)
values (:new_id, :id, :to, :reason);

select *
from   api_client_record
where  id = :id;
