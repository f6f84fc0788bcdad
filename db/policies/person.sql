-- person: the coordinator keeps them, the auditor reads; nobody of police affiliation does either, whatever their role: else they made
-- themselves another person. Whoever shows a token is looked up as cpwg_identity; state and subject move by their triggers alone
create policy owner_moves on person to cpwg_owner using (true) with check (true);

create policy office_reads on person for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy coordinator_adds on person for insert
to     cpwg_coordinator
with check (true);

create policy coordinator_changes on person for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy not_police on person as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

create policy identity_reads on person for select
to     cpwg_identity
using  (subject is not null);

grant select on person, person_record to cpwg_coordinator, cpwg_auditor;
grant insert (id, name, email, language, role, affiliation, organization_id) on person to cpwg_coordinator;
grant update (revision, name, email, language, role, affiliation, organization_id) on person to cpwg_coordinator;
grant update on person_record to cpwg_coordinator; -- for its locks
grant select (id, name, role, affiliation, organization_id, subject, state) on person to cpwg_identity;
grant execute on function accept_invitation(text), own_person()
to    cpwg_resident, cpwg_member, cpwg_case_handler, cpwg_publisher, cpwg_police_source, cpwg_police_staff, cpwg_city, cpwg_partner,
      cpwg_council, cpwg_coordinator, cpwg_auditor;
grant execute on function horizon() to cpwg_coordinator, cpwg_auditor;
grant execute on function is_not_police() to cpwg_coordinator, cpwg_auditor;
