-- complaint_publication: who is assigned to the complaint drafts; the publisher reads what was drafted, and moves it; publisher and
-- coordinator lock every row, which changes none. Nobody of police affiliation has anything to do with it: what is published is elsewhere
create policy owner_keeps on complaint_publication to cpwg_owner using (true) with check (true);

create policy office_reads on complaint_publication for select
to     cpwg_publisher, cpwg_coordinator, cpwg_auditor
using  (true);

create policy handler_reads on complaint_publication for select
to     cpwg_case_handler
using  (id = any ((select assigned_to())::uuid[]));

create policy handler_drafts on complaint_publication for insert
to     cpwg_coordinator, cpwg_case_handler
with check (id = any ((select assigned_to())::uuid[]));

create policy handler_redrafts on complaint_publication for update
to     cpwg_coordinator, cpwg_case_handler
using  (id = any ((select assigned_to())::uuid[]))
with check (id = any ((select assigned_to())::uuid[]));

create policy office_locks on complaint_publication for update
to     cpwg_publisher, cpwg_coordinator
using  (true)
with check (false);

create policy not_recused on complaint_publication as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  (id <> all ((select recused_from())::uuid[]));

create policy not_police on complaint_publication as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_publisher
using  ((select is_not_police()));

grant select on complaint_publication, publication_record, publication_preview to cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, summary_es, summary_en), update (revision, summary_es, summary_en) on complaint_publication to cpwg_coordinator, cpwg_case_handler;
grant update (revision) on complaint_publication to cpwg_publisher; -- for its locks: a guard selects for update
grant update on publication_record to cpwg_coordinator, cpwg_case_handler; -- as well
grant execute on function words_to_publish(uuid), summary_digest(uuid), publication_next(complaint_publication), preview_published(uuid),
                          preview_version(published_complaint)
to    cpwg_publisher, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant execute on function horizon() to cpwg_publisher;
