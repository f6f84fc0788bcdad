-- getReferral: what was referred to the caller's organization, with its copy; leaves an audit row
select must_find(exists (select from referral where id = :id));

select audit_row('read', 'referral', :id);

select r.id, r.organization, r.categories, r.quarter, r.disclosed, r.state, r.next, r.sent_at, r.acknowledged_at, r.answered_at, r.demo,
       r.updated_at, f.copy, f.answer
from   referral_record r
       join referral f on f.id = r.id
where  r.id = :id;
