-- complaint_access: who may see what of a complaint, and how the group sees it
begin;

set local role cpwg_owner;
set local search_path = cpwg;

-- Who may see what: asked once a statement, as (select ...), by the policies. In plpgsql, which keeps its plans: SQL that cannot be
-- put in place is planned with every call
create function case_complaint() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  asked constant text := nullif(current_setting('cpwg.case_key', true), '');
begin
  return (select   case when hash = asked and revoked_at is null then complaint_id end
          from     case_key
          where    hash >= asked
          order by hash
          limit    1);
end
$$;
comment on function case_complaint() is
  'The complaint of the caller''s case key, or null; after the same work: a row is read whether the key is one, was revoked, or never was';

create function case_holder() returns text
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select holder from case_key where hash = nullif(current_setting('cpwg.case_key', true), '') and revoked_at is null);
end
$$;
comment on function case_holder() is 'Whose the caller''s case key is: complainant or representative';

create function recused_from() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select coalesce(array_agg(complaint_id), '{}') from recusal where subject = nullif(current_setting('cpwg.subject', true), ''));
end
$$;
comment on function recused_from() is 'Complaints that the caller has nothing to do with any more';

create function assigned_to() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select coalesce(array_agg(complaint_id), '{}')
          from   assignment
          where  subject = nullif(current_setting('cpwg.subject', true), '')
          and    ended_at is null);
end
$$;
comment on function assigned_to() is 'Complaints that the caller handles';

create function case_key_id() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select id from case_key where hash = nullif(current_setting('cpwg.case_key', true), '') and revoked_at is null);
end
$$;
comment on function case_key_id() is 'The caller''s case key itself, which does not revoke itself';

create function may_disclose() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return case_holder() = 'complainant'
         or not exists (select from case_key where complaint_id = case_complaint() and holder = 'complainant' and revoked_at is null);
end
$$;
comment on function may_disclose() is
  'Whether the caller''s case key lets others know more: whoever complained; a representative only while whoever complained holds no key';

create function is_not_police() returns boolean
language sql stable
begin atomic
  select coalesce(current_setting('cpwg.affiliation', true), '') in ('resident', 'organization', 'city', 'council');
end;
comment on function is_not_police() is 'Whether the caller has an affiliation, and not that of the police: private text is refused to all others';

create function reads_reasons() returns boolean
language sql stable
begin atomic
  select coalesce(current_setting('cpwg.role', true), '') in ('coordinator', 'case_handler', 'publisher', 'auditor') and is_not_police();
end;
comment on function reads_reasons() is
  'Whether the caller is told why somebody was recused or something moved: the group alone, and nobody of police affiliation';

create function complaint_transition_reason(id uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return case when reads_reasons() then (select t.reason from complaint_transition t where t.id = complaint_transition_reason.id) end;
end
$$;
comment on function complaint_transition_reason(uuid) is 'Why, of a row that the caller sees: the only way to the column, which nobody may read';

create function recusal_reason(id uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return case when reads_reasons() then (select t.reason from recusal t where t.id = recusal_reason.id) end;
end
$$;
comment on function recusal_reason(uuid) is 'Why, of a row that the caller sees: the only way to the column, which nobody may read';

create function is_being_filed(complaint_id uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select exists (select from complaint c where c.id = is_being_filed.complaint_id and c.filed_in = pg_current_xact_id()));
end
$$;
comment on function is_being_filed(uuid) is 'Whether this very transaction files the complaint, and may add to the filing';

create function shows_identity(complaint_id uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select exists (select from complaint c where c.id = shows_identity.complaint_id and c.identity_to <> 'nobody'));
end
$$;
comment on function shows_identity(uuid) is 'Whether the complainant lets the group know who they are';

create function filed_complaint(complaint_id uuid, case_key_hash text)
returns table (id uuid, public_reference text, holder text, state text, received_at timestamptz, due_at timestamptz, notice_version text)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select c.id, c.public_reference, k.holder, c.state, c.received_at, c.due_at, c.notice_version
  from   complaint c join case_key k on k.complaint_id = c.id
  where  c.id = filed_complaint.complaint_id
  and    k.hash = filed_complaint.case_key_hash;
end;
comment on function filed_complaint(uuid, text) is 'What its filer is answered, who may read no table: whoever knows the key''s hash holds the key';

create view complaint_record with (security_invoker) as
select c.id, c.public_reference, c.kind, c.channel, c.received_at,
       case when is_not_police() then c.occurred_from end          as "occurred.from",
       case when is_not_police() then c.occurred_to end            as "occurred.to",
       case when is_not_police() then c.neighborhood_code end      as neighborhood,
       case when is_not_police() then c.language end               as language,
       case when is_not_police() then c.interpreter end            as interpreter,
       case when is_not_police() then c.through_representative end as through_representative,
       case when is_not_police() then c.under_18 end               as under_18,
       case when is_not_police() then c.pending_criminal_case end  as pending_criminal_case,
       case when is_not_police() then c.retaliation end            as retaliation,
       c.publish, c.identity_to, c.notice_version,
       array(select category from allegation a where a.complaint_id = c.id order by ordinal) as categories,
       array(select subject from assignment a where a.complaint_id = c.id and ended_at is null order by assigned_at) as assignees,
       c.state,
       coalesce(((select next from caller_next
                  where  record = 'complaint'
                  and    (is_not_police() or current_setting('cpwg.role', true) = 'case')) ->> c.state)::text[], '{}') as next,
       c.state_since,
       case when is_not_police() then c.due_at end                 as due_at, -- the clock tells retaliation
       c.decided_at, c.closed_at, c.is_demo as demo, c.created_at, c.updated_at, c.revision as "_revision",
       c.neighborhood_code as "_neighborhood", c.due_at as "_due_at"
from   complaint c;
comment on view complaint_record is
  'A complaint as the group handles it: nothing that tells who complained, no text of theirs. For who is of police affiliation it goes nowhere, and tells neither when and where it happened nor anything of whom it happened to: that is disclosed by consent. case: make_transition() asks it, too';

create view allegation_record with (security_invoker) as
select id, complaint_id, ordinal, category, finding, finding_status, decided_by, reported_by, outcome, decided_on, created_at, updated_at,
       revision as "_revision"
from   allegation;
comment on view allegation_record is 'An allegation as the group handles it';

commit;
