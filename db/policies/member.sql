-- member: the coordinator keeps seats, the auditor reads, neither where they are of the police; the public reads who is seated, by consent
create policy owner_moves on member to cpwg_owner using (true) with check (true);

create policy office_reads on member for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy public_reads on member for select
to     cpwg_public
using  (listed and state = 'seated');

create policy coordinator_adds on member for insert
to     cpwg_coordinator
with check (true);

create policy coordinator_changes on member for update
to     cpwg_coordinator
using  (true)
with check (true);

create policy not_police on member as restrictive for all
to     cpwg_coordinator, cpwg_auditor
using  ((select is_not_police()))
with check ((select is_not_police()));

grant select (id, display_name, seat_kind, affiliation, term_from, term_to, profile_es, profile_en, listed, state, is_demo, revision, updated_at)
on    member
to    cpwg_public;
grant select on member, member_record to cpwg_coordinator, cpwg_auditor;
grant insert (id, person_id, display_name, seat_kind, appointed_by, term_from, term_to, profile_es, profile_en, listed) on member to cpwg_coordinator;
grant update (revision, display_name, seat_kind, appointed_by, term_from, term_to, profile_es, profile_en, listed) on member to cpwg_coordinator;
grant update on member_record to cpwg_coordinator; -- for its locks
grant select on published_member to cpwg_public;
