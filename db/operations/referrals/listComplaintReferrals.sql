-- listComplaintReferrals: to whom the complaint was referred, oldest first, without copies and answers; 404 where there is no such
-- complaint
select must_find(exists (select from complaint where id = :id));

select   r.*, f.complaint_id, f.by_subject
from     referral_record r
         join referral f on f.id = r.id
where    f.complaint_id = :id
and      (r.sent_at, r.id) > (:after_sent_at, :after_id)  --?
order by r.sent_at, r.id
limit    :limit;
