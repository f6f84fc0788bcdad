-- createConsent: gives a consent; answers it
-- guard
select id
from   complaint
where  id = (select case_complaint())
for    key share;

select must(may_disclose(), 'whoever complained holds a key, and alone discloses more');

insert into consent (id, complaint_id, purpose)
values (:new_id, case_complaint(), :purpose);

select id, purpose, given_by, given_at, withdrawn_at
from   consent
where  id = :new_id;
