-- referral: who is assigned to the complaint sends it, nobody of police affiliation; the recipient, an organization, reads what was
-- sent to it and answers, and does not learn which complaint it is nor who sent it; the auditor reads all but copy and answer
create policy owner_keeps on referral to cpwg_owner using (true) with check (true);

create policy office_reads on referral for select
to     cpwg_auditor
using  (true);

create policy handler_reads on referral for select
to     cpwg_coordinator, cpwg_case_handler
using  (complaint_id = any ((select assigned_to())::uuid[]));

create policy handler_sends on referral for insert
to     cpwg_coordinator, cpwg_case_handler
with check (complaint_id = any ((select assigned_to())::uuid[]));

create policy recipient_reads on referral for select
to     cpwg_police_staff, cpwg_city, cpwg_partner
using  (organization_id = (select nullif(current_setting('cpwg.organization', true), '')::uuid));

create policy recipient_answers on referral for update
to     cpwg_police_staff, cpwg_city, cpwg_partner
using  (organization_id = (select nullif(current_setting('cpwg.organization', true), '')::uuid))
with check (organization_id = (select nullif(current_setting('cpwg.organization', true), '')::uuid));

create policy not_recused on referral as restrictive for all
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (complaint_id <> all ((select recused_from())::uuid[]));

create policy not_police on referral as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant select on referral to cpwg_coordinator, cpwg_case_handler;
grant select (id, organization_id, categories, quarter, disclosed, copy, answer, sent_at, acknowledged_at, answered_at, state, is_demo,
              revision, updated_at)
on    referral
to    cpwg_police_staff, cpwg_city, cpwg_partner;
grant select (id, complaint_id, organization_id, categories, quarter, disclosed, by_subject, sent_at, acknowledged_at, answered_at, state,
              is_demo, revision, updated_at)
on    referral
to    cpwg_auditor;
grant select on referral_record to cpwg_coordinator, cpwg_case_handler, cpwg_auditor, cpwg_police_staff, cpwg_city, cpwg_partner;
grant insert (id, complaint_id, organization_id, disclosed, copy) on referral to cpwg_coordinator, cpwg_case_handler;
grant update (revision, answer) on referral to cpwg_police_staff, cpwg_city, cpwg_partner;
grant execute on function horizon() to cpwg_police_staff, cpwg_city, cpwg_partner;
