-- listPublishedOrganizations: active organizations that consent to being shown, by name, without contacts
-- guard
select revision as "_revision" from publication where topic = 'organizations';

select   *
from     published_organization
where    true
and      kind = :kind                  --?
and      neighborhood = :neighborhood  --?
and      (name, id) > (:after_name, :after_id)  --?
order by name, id
limit    :limit;
