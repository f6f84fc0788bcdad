-- transitionComplaint: moves a complaint along its lifecycle (trigger make_transition); answers it as it is then
-- guard
select revision as "_revision"
from   complaint
where  id = :id
for    update;

insert into complaint_transition (id, record_id, to_state, reason, public_note_es, public_note_en)
values (:new_id, :id, :to, :reason, :public_note.es, :public_note.en);

select *
from   complaint_record
where  id = :id;
