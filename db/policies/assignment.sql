-- assignment: the coordinator assigns and ends, unless of police affiliation; coordinator and auditor read all, a case handler those of complaints of theirs
create policy owner_keeps on assignment to cpwg_owner using (true) with check (true);

create policy office_reads on assignment for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on assignment for select
to     cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy coordinator_assigns on assignment for insert
to     cpwg_coordinator
with check ((select is_not_police()));

create policy coordinator_ends on assignment for update
to     cpwg_coordinator
using  (true)
with check ((select is_not_police()));

create policy not_recused on assignment as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

grant select on assignment to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, subject), update (ended_at) on assignment to cpwg_coordinator;
