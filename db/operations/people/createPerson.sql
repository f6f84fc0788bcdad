-- createPerson: invites a person; answers them, this once with the code by which they get in
insert into person (id, name, email, language, role, affiliation, organization_id)
values (:new_id, :name, :email, :language, :role, :affiliation, :organization);

insert into invitation (id, person_id, hash)
values (:new_id, :new_id, :invitation_code_hash);

select *, :invitation_code as invitation_code
from   person_record
where  id = :new_id;
