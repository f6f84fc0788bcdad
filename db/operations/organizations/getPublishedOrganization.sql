-- getPublishedOrganization: one active organization that consents to being shown
select *
from   published_organization
where  id = :id;
