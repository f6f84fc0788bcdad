-- transitionMember: moves a seat along its lifecycle (trigger make_transition); answers it as it is then
-- guard
select revision as "_revision"
from   member
where  id = :id
for    update;

insert into member_transition (id, record_id, to_state, reason)
values (:new_id, :id, :to, :reason);

select *
from   member_record
where  id = :id;
