-- audited: every change of a record leaves an audit row, by triggers, so that no SQL file can forget it; reads call audit_row(). What these
-- functions may not do is no fault of the caller's (api/db/wire.c): told by their name, since to catch it here would cost each row a subtransaction
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create function audit_own() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id)
  values (clock_timestamp(), nullif(current_setting('cpwg.subject', true), ''), nullif(current_setting('cpwg.role', true), ''),
          nullif(current_setting('cpwg.affiliation', true), ''),
          case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'change' else 'delete' end, tg_table_name, coalesce(new.id, old.id));
  return null;
end
$$;
comment on function audit_own() is 'Row trigger, for records of no complaint';

create function audit_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  id        uuid;
  complaint uuid;
begin
  case tg_argv[0]
    when 'whole'    then id := coalesce(new.id, old.id);                     complaint := id;
    when 'child'    then id := coalesce(new.id, old.id);                     complaint := coalesce(new.complaint_id, old.complaint_id);
    when 'part'     then id := coalesce(new.complaint_id, old.complaint_id); complaint := id;
    when 'move'     then id := coalesce(new.id, old.id);                     complaint := coalesce(new.record_id, old.record_id);
    when 'referred' then id := coalesce(new.id, old.id);
                         complaint := (select r.complaint_id from referral r where r.id = coalesce(new.record_id, old.record_id));
  end case;

  if complaint::text = current_setting('cpwg.filed', true) then
    return null; -- the row of the filing says it
  elsif tg_op = 'INSERT' and tg_table_name = 'complaint' then
    perform set_config('cpwg.filed', id::text, true);
    insert into audit (at, action, record, record_id, complaint_id)
    values (clock_timestamp(), 'create', 'complaint', id, id);
  else
    insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id)
    values (clock_timestamp(), nullif(current_setting('cpwg.subject', true), ''), nullif(current_setting('cpwg.role', true), ''),
            nullif(current_setting('cpwg.affiliation', true), ''),
            case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'change' else 'delete' end, tg_table_name, id, complaint);
  end if;
  return null;
end
$$;
comment on function audit_change() is
  'Row trigger, for records of a complaint; its argument says which columns tell the row''s id and its complaint. The filing of a complaint is one row, which does not say who files';

create function audit_changes() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  subject     constant text := nullif(current_setting('cpwg.subject', true), '');
  role        constant text := nullif(current_setting('cpwg.role', true), '');
  affiliation constant text := nullif(current_setting('cpwg.affiliation', true), '');
begin
  if tg_op = 'DELETE' then
    insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id)
    select clock_timestamp(), subject, role, affiliation, 'delete', tg_table_name, r.id from old_rows r;
  else
    insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id)
    select clock_timestamp(), subject, role, affiliation, case tg_op when 'INSERT' then 'create' else 'change' end, tg_table_name, r.id from new_rows r;
  end if;
  return null;
end
$$;
comment on function audit_changes() is 'Statement trigger, for records of no complaint that come by the hundred';

create function audit_truncate() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  insert into audit (at, by_subject, by_role, by_affiliation, action, record)
  values (clock_timestamp(), nullif(current_setting('cpwg.subject', true), ''), nullif(current_setting('cpwg.role', true), ''),
          nullif(current_setting('cpwg.affiliation', true), ''), 'delete', tg_table_name);
  return null;
end
$$;

create function audit_row(action text, record text, record_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  complaint uuid := record_id; -- lists below a complaint name it; what is unknown here counts as one, and is shown to fewer
begin
  perform pg_current_xact_id(); -- before the row has its id: the worker tells by it which rows may still come
  case record
    when 'complaint_note'      then complaint := coalesce((select r.complaint_id from complaint_note r where r.id = record_id), record_id);
    when 'complaint_message'   then complaint := coalesce((select r.complaint_id from complaint_message r where r.id = record_id), record_id);
    when 'recusal'             then complaint := coalesce((select r.complaint_id from recusal r where r.id = record_id), record_id);
    when 'publication_check'   then complaint := coalesce((select r.complaint_id from publication_check r where r.id = record_id), record_id);
    when 'referral', 'referral_transition' then complaint := (select r.complaint_id from referral r where r.id = record_id);
    when 'police_record_private', 'person', 'person_transition', 'member_transition', 'audit' then complaint := null;
    else null;
  end case;
  insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id)
  values (clock_timestamp(), nullif(current_setting('cpwg.subject', true), ''), nullif(current_setting('cpwg.role', true), ''),
          nullif(current_setting('cpwg.affiliation', true), ''), audit_row.action, audit_row.record, audit_row.record_id, complaint);
end
$$;
comment on function audit_row(text, text, uuid) is 'Notes that the caller did something to a record, or (null) to a list: for reads, which no trigger sees';

do $$
declare
  audited record;
  call    text;
begin
  for audited in
    values ('organization',            'own'),
           ('organization_transition', 'own'),
           ('police_batch',            'own'),
           ('person',                  'own'),
           ('person_transition',       'own'),
           ('invitation',              'own'),
           ('member',                  'own'),
           ('member_transition',       'own'),
           ('api_client',              'own'),
           ('api_client_transition',   'own'),
           ('api_client_secret',       'own'),
           ('complaint',               'whole'),
           ('complaint_publication',   'whole'),
           ('complaint_transition',    'move'),
           ('publication_transition',  'move'),
           ('referral_transition',     'referred'),
           ('complaint_private',       'part'),
           ('complaint_contact',       'part'),
           ('complainant',             'part'),
           ('case_key',                'child'),
           ('allegation',              'child'),
           ('assignment',              'child'),
           ('recusal',                 'child'),
           ('complaint_note',          'child'),
           ('complaint_message',       'child'),
           ('complaint_link',          'child'),
           ('resolution',              'child'),
           ('resolution_answer',       'child'),
           ('consent',                 'child'),
           ('referral',                'child'),
           ('publication_check',       'child'),
           ('counterpart',             'child')
  loop
    call := case audited.column2 when 'own' then 'audit_own()' else format('audit_change(%L)', audited.column2) end;
    execute format('create trigger audit_insert after insert on %I for each row %s execute function %s', audited.column1,
                   case when audited.column2 in ('child', 'part') then -- what is filed costs no call
                     'when (new.complaint_id::text is distinct from current_setting(''cpwg.filed'', true))' else '' end, call);
    execute format('create trigger audit after update %s or delete on %I for each row execute function %s',
                   case audited.column1 when 'api_client_secret' then 'of expires_at' else '' end, -- its use would time what the system does next
                   audited.column1, call);
    execute format('create trigger audit_truncate after truncate on %I for each statement execute function audit_truncate()', audited.column1);
  end loop;
end
$$;

create trigger audit_insert after insert on police_record referencing new table as new_rows
for each statement execute function audit_changes();
create trigger audit_update after update on police_record referencing new table as new_rows
for each statement execute function audit_changes();
create trigger audit_delete after delete on police_record referencing old table as old_rows
for each statement execute function audit_changes();
create trigger audit_truncate after truncate on police_record
for each statement execute function audit_truncate();

commit;
