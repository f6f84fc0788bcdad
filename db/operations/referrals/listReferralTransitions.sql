-- listReferralTransitions: who moved the referral, when and why, oldest first; leaves an audit row. 404 where there is none
select must_find(exists (select from referral where id = :id));

select audit_row('read', 'referral_transition', :id);

select   id, from_state as from, to_state as to, referral_transition_reason(id) as reason,
         public_note_es as "public_note.es", public_note_en as "public_note.en", by_role, at
from     referral_transition
where    record_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
