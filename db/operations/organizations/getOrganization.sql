-- getOrganization: one organization as the group's side sees it
select *
from   organization_record
where  id = :id;
