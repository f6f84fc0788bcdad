-- getConsent: one consent
select id, purpose, given_by, given_at, withdrawn_at
from   consent
where  id = :id
and    complaint_id = (select case_complaint());
