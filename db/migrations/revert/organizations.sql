-- Takes back organizations
begin;

set local search_path = cpwg;
drop view published_organization, organization_record;
drop table organization_transition, organization;
drop domain organization_kind, organization_name, organization_text;

commit;
