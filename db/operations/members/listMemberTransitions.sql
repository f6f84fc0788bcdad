-- listMemberTransitions: who moved a seat, when and why, oldest first; leaves an audit row. 404 where there is none
select must_find(exists (select from member where id = :id));

select audit_row('read', 'member_transition', :id);

select   id, from_state as from, to_state as to, reason, by_subject, by_role, at
from     member_transition
where    record_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
