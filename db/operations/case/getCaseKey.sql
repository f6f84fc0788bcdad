-- getCaseKey: one key of the complaint, without the key itself
select id, holder, id = (select case_key_id()) as in_use, created_at, revoked_at
from   case_key
where  id = :id
and    complaint_id = (select case_complaint());
