-- withdrawConsent: withdraws a consent, for good; what was disclosed by it is destroyed (trigger withdraw_consent)
-- guard
select k.id
from   complaint c -- locked first, as by whoever refers it
       join consent k on k.complaint_id = c.id
where  c.id = (select case_complaint())
and    k.id = :id
for    update;

update consent
set    withdrawn_at = clock_timestamp()
where  id = :id
and    withdrawn_at is null;
