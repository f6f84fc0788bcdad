-- organization: the group's side and the city read all, a partner its own; the coordinator writes, a partner changes its
-- own; state moves only through organization_transition. The public reads columns without the contact, by consent.
create policy owner_moves on organization to cpwg_owner using (true) with check (true);

create policy group_reads on organization for select
to     cpwg_member, cpwg_case_handler, cpwg_publisher, cpwg_city, cpwg_council, cpwg_coordinator, cpwg_auditor
using  (true);

create policy partner_reads on organization for select
to     cpwg_partner
using  (id = (select nullif(current_setting('cpwg.organization', true), '')::uuid));

create policy public_reads on organization for select
to     cpwg_public
using  (listed and state = 'active');

-- A partner may read every column, and inherits the public's rows: without this it would read others' contacts.
create policy partner_only_its_own on organization as restrictive for all
to     cpwg_partner
using  (id = (select nullif(current_setting('cpwg.organization', true), '')::uuid))
with check (id = (select nullif(current_setting('cpwg.organization', true), '')::uuid));

create policy coordinator_adds on organization for insert
to     cpwg_coordinator
with check (true);

create policy coordinator_changes on organization for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy partner_changes on organization for update
to     cpwg_partner
using  (id = (select nullif(current_setting('cpwg.organization', true), '')::uuid))
with check (id = (select nullif(current_setting('cpwg.organization', true), '')::uuid));

grant select (id, kind, name, description_es, description_en, website, languages, neighborhood_code, listed, state, is_demo,
              revision, updated_at)
on    organization
to    cpwg_public;
grant select on organization, organization_record
to    cpwg_member, cpwg_case_handler, cpwg_publisher, cpwg_city, cpwg_council, cpwg_coordinator, cpwg_auditor, cpwg_partner;
grant insert (id, kind, name, description_es, description_en, website, contact_email, languages, neighborhood_code, listed)
on    organization
to    cpwg_coordinator;
grant update (revision, kind, name, description_es, description_en, website, contact_email, languages, neighborhood_code, listed)
on    organization
to    cpwg_coordinator, cpwg_partner;
grant update on organization_record to cpwg_coordinator, cpwg_partner; -- for its locks: a guard selects for update
grant select on published_organization to cpwg_public;
grant execute on function horizon()
to    cpwg_member, cpwg_case_handler, cpwg_publisher, cpwg_city, cpwg_council, cpwg_coordinator, cpwg_auditor, cpwg_partner;
