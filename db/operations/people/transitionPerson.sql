-- transitionPerson: moves a person along its lifecycle (trigger make_transition); answers it as it is then
-- guard
select revision as "_revision"
from   person
where  id = :id
for    update;

insert into person_transition (id, record_id, to_state, reason)
values (:new_id, :id, :to, :reason);

select *
from   person_record
where  id = :id;
