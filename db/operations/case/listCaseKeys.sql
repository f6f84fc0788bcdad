-- listCaseKeys: the keys of the complaint, oldest first, without the keys themselves; 404 where the key opens nothing
select must_find(case_complaint() is not null);

select   id, holder, id = (select case_key_id()) as in_use, created_at, revoked_at
from     case_key
where    complaint_id = (select case_complaint())
and      (created_at, id) > (:after_created_at, :after_id)  --?
order by created_at, id
limit    :limit;
