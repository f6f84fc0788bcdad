-- audit: who changed what, and who read what hardly anybody may read. A request adds a plain row, in its own transaction; a worker
-- of the service copies the committed ones into a chain, whose indexes cost no request anything
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create domain audit_action as text check (value in ('create', 'change', 'delete', 'read'));

create table audit (
  id             bigint generated always as identity primary key,
  at             timestamptz not null,
  by_subject     text,
  by_role        text,
  by_affiliation text,
  action         audit_action not null,
  record         text not null,
  record_id      uuid,
  complaint_id   uuid
);
comment on table audit is 'Append-only. Says that, never what: no text of a record is in it, no key, no address, no trace of a request';
comment on column audit.by_role is 'Null: the filing of a complaint, which is told of nobody; or somebody outside of the service';
comment on column audit.record_id is 'Null: a list as a whole, or a table emptied at once';
comment on column audit.complaint_id is 'The complaint that the record belongs to: who is kept from it is kept from this row';

-- Its hashes need a key that the service alone holds: whoever administers the database makes no row that fits
create table audit_chain (
  position       bigint primary key,
  audit_id       bigint not null unique,
  at             timestamptz not null,
  by_subject     text,
  by_role        text,
  by_affiliation text,
  action         text not null,
  record         text not null,
  record_id      uuid,
  complaint_id   uuid,
  hash           bytea not null
);
create index audit_chain_at        on audit_chain (at, position);
create index audit_chain_record    on audit_chain (record, at, position);
create index audit_chain_record_id on audit_chain (record_id, at, position);
create index audit_chain_complaint on audit_chain (complaint_id, at, position);
create index audit_chain_subject   on audit_chain (by_subject, at, position);
create index audit_chain_action    on audit_chain (action, at, position);
comment on table audit_chain is 'Append-only: the audit, in the order in which its rows were found committed';
comment on column audit_chain.hash is 'HMAC-SHA256 of the hash before and of this row (api/worker/link.h)';

create function refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'CW006';
end
$$;
comment on function refuse_change() is 'Statement trigger: rows are added, never changed or taken away, whoever asks';

create trigger append_only before update or delete or truncate on audit
for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on audit_chain
for each statement execute function refuse_change();

create view audit_record with (security_invoker) as
select position, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id
from   audit_chain;

commit;
