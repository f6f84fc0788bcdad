-- listComplaintTransitions: who moved the complaint, when and why, oldest first; leaves an audit row. 404 where there is none
select must_find(exists (select from complaint where id = :id));

select audit_row('read', 'complaint_transition', :id);

select   id, from_state as from, to_state as to, complaint_transition_reason(id) as reason, message_id,
         public_note_es as "public_note.es", public_note_en as "public_note.en", by_subject, by_role, at
from     complaint_transition
where    record_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
