-- audit: who read what hardly anybody may read; a row each, in the same transaction
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table audit (
  id             bigint generated always as identity primary key,
  at             timestamptz not null,
  by_subject     text,
  by_role        text,
  by_affiliation text,
  action         text not null check (action in ('read', 'create', 'change', 'delete')),
  record         text not null,
  record_id      uuid not null
);
create index audit_record on audit (record, record_id, at);
comment on table audit is 'Append-only. Says that, never what: no text of a record is in it';

create function audit_row(action text, record text, record_id uuid) returns void
language sql security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  insert into audit (at, by_subject, by_role, by_affiliation, action, record, record_id)
  values (clock_timestamp(), nullif(current_setting('cpwg.subject', true), ''), nullif(current_setting('cpwg.role', true), ''),
          nullif(current_setting('cpwg.affiliation', true), ''), audit_row.action, audit_row.record, audit_row.record_id);
end;
comment on function audit_row(text, text, uuid) is 'Notes that the caller did something to a record';

commit;
