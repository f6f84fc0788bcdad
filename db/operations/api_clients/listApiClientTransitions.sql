-- listApiClientTransitions: who moved the client, when and why, oldest first; 404 where there is none
select must_find(exists (select from api_client where id = :id));

select   id, from_state as from, to_state as to, reason, by_subject, by_role, at
from     api_client_transition
where    record_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
