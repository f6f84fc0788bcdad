-- transitionPublication: moves a publication along its lifecycle (triggers make_transition and may_publish); answers it as it is then
-- guard
select revision as "_revision"
from   complaint_publication
where  id = :id
for    update;

insert into publication_transition (id, record_id, to_state, reason, public_note_es, public_note_en, preview_version)
values (:new_id, :id, :to, :reason, :public_note.es, :public_note.en, :preview_version);

select *
from   publication_record
where  id = :id;
