-- reference: what other records refer to: value lists with labels, lifecycles as data, neighborhoods
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table vocabulary (
  code           text primary key,
  description_es text not null,
  description_en text not null
);
comment on table vocabulary is 'A value list of the contract; its terms carry the labels that people read';

create table vocabulary_term (
  vocabulary text not null constraint vocabulary references vocabulary on delete cascade,
  code       text not null,
  position   int  not null,
  label_es   text not null,
  label_en   text not null,
  retired    boolean not null default false,
  primary key (vocabulary, code),
  unique (vocabulary, position) deferrable initially deferred
);

create table lifecycle (
  record         text primary key,
  description_es text not null,
  description_en text not null
);
comment on table lifecycle is 'How one kind of record lives. Data, so that a group changes it without a release';

create table lifecycle_state (
  record     text not null constraint lifecycle references lifecycle on delete cascade,
  state      text not null,
  position   int  not null,
  label_es   text not null,
  label_en   text not null,
  is_initial boolean not null default false,
  primary key (record, state),
  unique (record, position) deferrable initially deferred
);
create unique index lifecycle_state_initial on lifecycle_state (record) where is_initial;

create table lifecycle_transition (
  record          text    not null,
  from_state      text    not null,
  to_state        text    not null,
  position        int     not null,
  roles           text[]  not null,
  reason_required boolean not null,
  clock_hours     int     check (clock_hours > 0),
  primary key (record, from_state, to_state),
  constraint from_state foreign key (record, from_state) references lifecycle_state on delete cascade,
  constraint to_state   foreign key (record, to_state)   references lifecycle_state on delete cascade
);
comment on column lifecycle_transition.roles is 'Roles of the contract (x-roles) whose callers may do it';
comment on column lifecycle_transition.clock_hours is 'Hours within which it is due after the from-state was entered; null: no clock';

create table lifecycle_next (
  record text  not null constraint lifecycle references lifecycle on delete cascade,
  role   text  not null,
  next   jsonb not null,
  primary key (record, role)
);
comment on table lifecycle_next is
  'lifecycle_transition as records show it: state -> an array of the states that a role may move to. Made anew by a trigger with every change';

create view caller_next with (security_invoker) as
select record, next
from   lifecycle_next
where  role = (select current_setting('cpwg.role', true));
comment on view caller_next is
  'For views of records: coalesce(((select next from caller_next where record = ''organization'') ->> state)::text[], ''{}'') as next';

create table neighborhood (
  id              uuid primary key,
  code            text not null unique collate "C",
  name_es         text not null,
  name_en         text not null,
  sector          text,
  boundary        json not null,
  boundary_status text not null check (boundary_status in ('approximate', 'official')),
  centroid_lat    numeric(8, 5) not null check (centroid_lat between -90 and 90),
  centroid_lon    numeric(8, 5) not null check (centroid_lon between -180 and 180)
);
create index neighborhood_sector on neighborhood (sector, code);
comment on column neighborhood.boundary is 'GeoJSON geometry (RFC 7946), right-hand rule';

create function derive_initial() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  initial record;
begin
  for initial in
    select l.record, s.state
    from   lifecycle l
           join pg_attribute a on a.attrelid = to_regclass('cpwg.' || quote_ident(l.record)) and a.attname = 'state'
           left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           left join lifecycle_state s on s.record = l.record and s.is_initial -- none: nothing is added
    where  pg_get_expr(d.adbin, d.adrelid) is distinct from quote_literal(s.state) || '::text'
  loop
    execute format('alter table %I alter column state set default %L', initial.record, initial.state);
  end loop;
  return null;
end
$$;
comment on function derive_initial() is
  'The initial state of a lifecycle is what <record>.state is by default: a new record asks for it with no query, and none has the right to say another';

create function keep_state() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  is_taken boolean := tg_op = 'TRUNCATE' or old.is_initial;
begin
  if not is_taken and to_regclass('cpwg.' || quote_ident(old.record)) is not null then
    execute format('lock table %I in exclusive mode', old.record); -- whoever moves one has locked its row before they look where it may go
    execute format('select exists (select from %I where state = $1)', old.record) into is_taken using old.state;
  end if;
  if is_taken then
    raise exception 'records stand in this state, or begin in it' using errcode = 'foreign_key_violation';
  end if;
  return coalesce(new, old);
end
$$;
comment on function keep_state() is
  'Row trigger, in place of a foreign key: each record that is added or moved would lock the row of its state, which is the same for all of them';

-- The only way from state to state: callers may insert into <record>_transition, and may not update <record>.state.
create function make_transition() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  kind         constant text := tg_argv[0];
  caller       constant text := nullif(current_setting('cpwg.role', true), '');
  needs_reason boolean;
  open_to_them text[];
begin
  execute format('select state from %I where id = $1 for update', kind) into new.from_state using new.record_id;
  if new.from_state is null then
    raise exception 'no such record' using errcode = 'CW005';
  end if;

  select reason_required into needs_reason
  from   lifecycle_transition t
  where  t.record = kind
  and    t.from_state = new.from_state
  and    t.to_state = new.to_state
  and    caller = any (t.roles);
  if not found then
    execute format('select next from %I where id = $1', tg_argv[1]) into open_to_them using new.record_id;
    raise exception 'illegal transition' using errcode = 'CW001', detail = coalesce(nullif(array_to_string(open_to_them, ', '), ''), '-');
  end if;
  if needs_reason and new.reason is null and to_jsonb(new) ->> 'message_id' is null then
    raise exception 'no reason' using errcode = 'CW008', detail = 'this transition needs a reason';
  end if;

  new.at         := clock_timestamp();
  new.by_subject := nullif(current_setting('cpwg.subject', true), '');
  new.by_role    := caller;
  execute format('update %I set state = $1 where id = $2', kind) using new.to_state, new.record_id;
  return new;
end
$$;
comment on function make_transition() is
  'Row trigger of <record>_transition (arguments: record, its view with `next`): checks it against the lifecycle, moves the record, keeps who and when';

create function derive_next() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  delete from lifecycle_next;
  insert into lifecycle_next (record, role, next)
  select   record, role, jsonb_object_agg(from_state, to_states)
  from     (select   record, role, from_state, array_agg(to_state order by position)::text as to_states
            from     lifecycle_transition, unnest(roles) as role
            group by record, role, from_state) as t
  group by record, role;
  return null;
end
$$;

create trigger derive_next after insert or update or delete or truncate on lifecycle_transition
for each statement execute function derive_next();
create trigger derive_initial after insert or update on lifecycle_state
for each statement execute function derive_initial();
create trigger keep_state before delete or update of record, state on lifecycle_state
for each row execute function keep_state();
create trigger keep_states before truncate on lifecycle_state
for each statement execute function keep_state();
create trigger publish after insert or update or delete or truncate on vocabulary
for each statement execute function publish('vocabularies');
create trigger publish after insert or update or delete or truncate on vocabulary_term
for each statement execute function publish('vocabularies');
create trigger publish after insert or update or delete or truncate on lifecycle
for each statement execute function publish('lifecycles');
create trigger publish after insert or update or delete or truncate on lifecycle_state
for each statement execute function publish('lifecycles');
create trigger publish after insert or update or delete or truncate on lifecycle_transition
for each statement execute function publish('lifecycles');
create trigger publish after insert or update or delete or truncate on neighborhood
for each statement execute function publish('neighborhoods');

commit;
