-- getPublishedComplaint: what anybody may know of one complaint
select *
from   published_complaint_record
where  public_reference = :public_reference;
