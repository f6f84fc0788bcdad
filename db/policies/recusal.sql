-- recusal: everybody may recuse themselves from a complaint that they handle; a coordinator anybody, but one of police affiliation
-- only themself: who handles a complaint about the police is not for the police to say. Nobody takes one back: another person can be
-- assigned, what somebody with an interest in it reads again cannot be taken back
create policy owner_keeps on recusal to cpwg_owner using (true) with check (true);

create policy office_reads on recusal for select
to     cpwg_coordinator, cpwg_auditor
using  (true);

create policy coordinator_recuses on recusal for insert
to     cpwg_coordinator
with check ((select is_not_police()) or subject = (select nullif(current_setting('cpwg.subject', true), '')));

create policy handler_recuses_themselves on recusal for insert
to     cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]) and subject = (select nullif(current_setting('cpwg.subject', true), '')));

create policy own_is_read on recusal for select
to     cpwg_case_handler
using  (subject = (select nullif(current_setting('cpwg.subject', true), '')));

grant select (id, complaint_id, subject, by_subject, at) on recusal to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, complaint_id, subject, reason) on recusal to cpwg_coordinator, cpwg_case_handler;
grant execute on function recusal_reason(uuid) to cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
