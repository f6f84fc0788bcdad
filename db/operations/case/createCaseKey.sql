-- createCaseKey: makes another key; answers it, this once with the key itself
-- guard
select id
from   complaint
where  id = (select case_complaint())
for    key share;

select must(may_disclose(), 'whoever complained holds a key, and alone discloses more');

insert into case_key (id, hash, complaint_id, holder)
values (:new_id, :case_key_hash, case_complaint(), :holder);

select id, holder, false as in_use, created_at, revoked_at, :case_key as case_key
from   case_key
where  id = :new_id;
