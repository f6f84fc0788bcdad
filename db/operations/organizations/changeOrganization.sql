-- changeOrganization: changes the members that are given; answers the organization as it is then
-- guard
select *
from   organization_record
where  id = :id
for    update;

update organization
set    revision = revision + 1
       , kind = :kind                      --?
       , name = :name                      --?
       , description_es = :description.es  --?
       , description_en = :description.en  --?
       , website = :website                --?
       , contact_email = :contact_email    --?
       , languages = :languages            --?
       , neighborhood_code = :neighborhood  --?
       , listed = :listed                  --?
where  id = :id;

select *
from   organization_record
where  id = :id;
