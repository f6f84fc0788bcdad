-- referComplaint: refers a complaint to an organization, with a copy of what is disclosed only by consent; answers the referral
-- without the copy
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into referral (id, complaint_id, organization_id, disclosed, copy)
values (:new_id, :id, :organization, coalesce(:disclosed, '{}'::text[]), :copy);

select r.*, f.complaint_id, f.by_subject
from   referral_record r
       join referral f on f.id = r.id
where  r.id = :new_id;
