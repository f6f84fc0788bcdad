-- getPublishedMember: one seat whose holder consents to being shown
select *
from   published_member
where  id = :id;
