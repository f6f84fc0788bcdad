-- listCaseTransitions: how the complaint moved, oldest first, as far as it is told outside the group; 404 where the key opens nothing
select must_find(case_complaint() is not null);

select   id, from_state as from, to_state as to, public_note_es as "public_note.es", public_note_en as "public_note.en", at
from     complaint_transition
where    record_id = (select case_complaint())
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
