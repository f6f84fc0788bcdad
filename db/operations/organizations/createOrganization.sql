-- createOrganization: adds an organization, in its lifecycle's initial state; answers it
insert into organization (id, kind, name, description_es, description_en, website, contact_email, languages,
                          neighborhood_code, listed)
values (:new_id, :kind, :name, :description.es, :description.en, :website, :contact_email,
        coalesce(:languages, '{}'::text[]), :neighborhood, :listed);

select *
from   organization_record
where  id = :new_id;
