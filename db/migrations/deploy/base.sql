-- base: the schema, what was deployed, and the counters from which public lists have their ETags
begin;

create schema cpwg authorization cpwg_owner;
set local role cpwg_owner;
set local search_path = cpwg;

alter default privileges revoke execute on functions from public;

create table deployment (
  part text primary key,
  hash text not null,
  at   timestamptz not null default now()
);
comment on table deployment is 'Hashes of what db/migrate last applied, so that an unchanged start is quick';

create table publication (
  topic    text primary key,
  revision bigint not null default 1
);
comment on table publication is 'One counter per public list; every change of what the list shows raises it';

create function tell_published() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('cpwg_published', '');
  return null;
end
$$;
comment on function tell_published() is 'Tells those who keep public answers, once it is committed, that they no longer hold';

create trigger tell after insert or update on publication
for each statement execute function tell_published();

create function raise_counter(counted text) returns void
language plpgsql as $$
declare
  raised constant text := 'cpwg.raised_' || counted;
begin
  if current_setting(raised, true) = 'yes' then
    return;
  end if;
  insert into cpwg.publication as p (topic)
  values      (counted)
  on conflict (topic) do update
  set         revision = p.revision + 1;
  perform set_config(raised, 'yes', true);
end
$$;
comment on function raise_counter(text) is
  'For trigger functions: a public list is no longer what it was. Once a transaction. Writers that raise the same counter wait for each other';

create function publish() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform raise_counter(tg_argv[0]);
  return null;
end
$$;
comment on function publish() is
  'Raises the counter named by its argument: statement trigger of tables that the public reads whole; else row trigger, when the public saw the row before or sees it now, so that other writers need not wait';

create function stamp() returns trigger
language plpgsql as $$
begin
  perform pg_current_xact_id(); -- before the clock, so that horizon() sees this transaction as soon as it has a time
  new.updated_at := clock_timestamp();
  if tg_op = 'INSERT' then
    new.created_at := new.updated_at;
    new.revision   := 1;
  else
    new.created_at := old.created_at;
    new.revision   := old.revision + 1;
  end if;
  return new;
end
$$;
comment on function stamp() is 'Row trigger: created_at, updated_at and revision, whatever the statement says';

create function horizon() returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  asked_at constant timestamptz := clock_timestamp();
begin
  perform pg_stat_clear_snapshot(); -- or a second question in one transaction gets the first answer
  return least(asked_at, (select min(xact_start)
                          from   pg_stat_activity
                          where  backend_xid is not null
                          and    pid <> pg_backend_pid()
                          and    application_name <> 'cpwg_worker' -- it chains the audit, and stamps nothing
                          and    datname = current_database()));
end
$$;
comment on function horizon() is
  'No transaction can still commit a row stamped before this; ask in a statement before the one that reads the rows';

commit;
