-- listConsents: what was consented to, oldest first; 404 where the key opens nothing
select must_find(case_complaint() is not null);

select   id, purpose, given_by, given_at, withdrawn_at
from     consent
where    complaint_id = (select case_complaint())
and      (given_at, id) > (:after_given_at, :after_id)  --?
order by given_at, id
limit    :limit;
