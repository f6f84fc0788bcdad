-- withdrawConsent: withdraws a consent, for good; what was disclosed by it is destroyed (trigger withdraw_consent)
-- guard
select id
from   consent
where  id = :id
and    complaint_id = (select case_complaint())
for    update;

update consent
set    withdrawn_at = clock_timestamp()
where  id = :id
and    withdrawn_at is null;
