-- getReferral: what was referred to the caller's organization, with its copy; leaves an audit row
select must_find(exists (select from referral where id = :id));

select audit_row('read', 'referral', :id);

select r.*, f.copy, f.answer
from   referral_record r
       join referral f on f.id = r.id
where  r.id = :id;
