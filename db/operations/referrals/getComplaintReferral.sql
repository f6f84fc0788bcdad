-- getComplaintReferral: one referral of a complaint, with its copy and answer; leaves an audit row
select must_find(exists (select from referral where id = :referral_id and complaint_id = :id));

select audit_row('read', 'referral', :referral_id);

select r.id, r.organization, r.categories, r.quarter, r.disclosed, r.state, r.next, r.sent_at, r.acknowledged_at, r.answered_at, r.demo,
       r.updated_at, f.complaint_id, f.by_subject, f.copy, f.answer
from   referral_record r
       join referral f on f.id = r.id
where  r.id = :referral_id
and    f.complaint_id = :id;
