-- listPublishedComplaints: what anybody may know of complaints, oldest change first. Changes commit in the order of updated_at (trigger
-- publish on published_complaint), so mirrors miss none
-- guard
select revision as "_revision" from publication where topic = 'published_complaints';

select   *
from     published_complaint_record
where    true
and      kind = :kind                  --?
and      quarter = :quarter            --?
and      "place.neighborhood" = :neighborhood  --?
and      state = :state                --?
and      updated_at >= :updated_since  --?
and      (updated_at, public_reference) > (:after_updated_at, :after_public_reference)  --?
order by updated_at, public_reference
limit    :limit;
