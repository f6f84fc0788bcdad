-- transitionReferral: moves a referral along its lifecycle (trigger make_transition); answers it as it is then. The group may not
-- lock it: the trigger does
select must_find(exists (select from referral where id = :id));

insert into referral_transition (id, record_id, to_state, reason, public_note_es, public_note_en)
values (:new_id, :id, :to, :reason, :public_note.es, :public_note.en);

select *
from   referral_record
where  id = :id;
