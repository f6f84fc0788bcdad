-- transitionOrganization: moves an organization along its lifecycle (trigger make_transition); answers it as it is then
-- guard
select revision as "_revision"
from   organization
where  id = :id
for    update;

insert into organization_transition (id, record_id, to_state, reason, public_note_es, public_note_en)
values (:new_id, :id, :to, :reason, :public_note.es, :public_note.en);

select *
from   organization_record
where  id = :id;
