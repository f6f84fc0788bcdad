-- invitePerson: another code in place of the one before, also for whoever has ended; answers the person, this once with the code
-- guard
select id
from   person
where  id = :id
for    update;

insert into person_transition (id, record_id, to_state)
select gen_random_uuid(), id, 'invited'
from   person
where  id = :id
and    state = 'ended';

insert into invitation (id, person_id, hash)
values (:new_id, :id, :invitation_code_hash);

select p.*, :invitation_code as invitation_code
from   person_record p join invitation i on i.person_id = p.id
where  i.id = :new_id;
