-- complaints: what somebody files, with those it happened to, and what the group finds. What could tell who they are stands
-- in tables of its own (complaint_private, complaint_contact, ...), sealed before it comes here
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table notice (
  version       text collate "C" primary key,
  text_es       text not null,
  text_en       text not null,
  in_force_from timestamptz not null
);
comment on table notice is 'What is told to whoever files a complaint, by version; a complaint keeps the version that was shown';

create trigger publish after insert or update or delete or truncate on notice
for each statement execute function publish('notices');

-- Letters and digits that are not taken for each other (D. Crockford, Base 32).
create function random_reference(prefix text) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return (select prefix || '-' || string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(bytes, n) % 32, 1), '' order by n)
          from   (select uuid_send(gen_random_uuid()) as bytes) as drawn, unnest('{0,1,2,3,4,5,9,10,11,12}'::int[]) as n);
end
$$;
comment on function random_reference(text) is 'A public reference: 50 random bits, no running number (bytes 6 and 8 of a UUID are not all random)';

create table complaint (
  id                     uuid primary key,
  public_reference       text collate "C" not null unique,
  kind                   text not null check (kind in ('complaint', 'issue', 'commendation')),
  channel                text not null check (channel in ('web', 'phone', 'in_person', 'letter', 'open311', 'partner')),
  received_at            timestamptz not null,
  occurred_from          timestamptz,
  occurred_to            timestamptz,
  neighborhood_code      text collate "C" constraint neighborhood references neighborhood (code) on update cascade,
  language               text not null check (language in ('es', 'en')),
  interpreter            text check (length(interpreter) <= 16),
  through_representative boolean not null default false,
  under_18               boolean not null default false,
  pending_criminal_case  boolean not null default false,
  retaliation            boolean not null default false,
  publish                text not null default 'statistics_only' check (publish in ('statistics_only', 'summary')),
  identity_to            text not null default 'nobody' check (identity_to in ('nobody', 'group', 'group_and_police')),
  notice_version         text not null constraint notice references notice (version),
  state                  text not null,
  state_since            timestamptz not null,
  due_at                 timestamptz,
  decided_at             timestamptz,
  closed_at              timestamptz,
  filed_in               xid8 not null,
  is_demo                boolean not null default false,
  revision               bigint not null,
  created_at             timestamptz not null,
  updated_at             timestamptz not null,
  constraint occurred check (occurred_from <= occurred_to)
);
comment on column complaint.filed_in is 'The transaction that files it, and alone may add what belongs to the filing';
comment on column complaint.due_at is 'When the next move is due by the lifecycle''s clock; fear of retaliation must be acknowledged in 24 hours';

-- For plans of any state: those that are asked for are few, not one of seven, and lie where an index by time alone comes last
alter table complaint alter state set (n_distinct = 100);

create index complaint_received     on complaint (received_at, id);
create index complaint_updated      on complaint (updated_at, id);
create index complaint_state        on complaint (state, updated_at, id);
create index complaint_kind         on complaint (kind, updated_at, id);
create index complaint_channel      on complaint (channel, updated_at, id);
create index complaint_neighborhood on complaint (neighborhood_code, updated_at, id);
create index complaint_due          on complaint (updated_at, id) where due_at is not null;

create table complaint_transition (
  id             uuid primary key,
  record_id      uuid not null constraint complaint references complaint on delete cascade,
  from_state     text not null,
  to_state       text not null,
  reason         bytea,
  public_note_es text check (length(public_note_es) <= 2000),
  public_note_en text check (length(public_note_en) <= 2000),
  by_subject     text,
  by_role        text,
  at             timestamptz not null
);
create index complaint_transition_record on complaint_transition (record_id, at, id);
comment on table complaint_transition is 'Who moved a complaint from state to state, when and why. Append-only';
comment on column complaint_transition.reason is 'Sealed: nobody may read the column; complaint_transition_reason() tells whom reads_reasons() says';

create table case_key (
  id           uuid primary key default gen_random_uuid(),
  hash         text collate "C" not null constraint already_carried_out unique check (hash ~ '^[0-9a-f]{64}$'),
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  holder       text not null check (holder in ('complainant', 'representative')),
  created_at   timestamptz not null default clock_timestamp(),
  revoked_at   timestamptz
);
create index case_key_complaint on case_key (complaint_id, created_at, id);
comment on column case_key.hash is 'HMAC of the key under a pepper that the database never sees; the key itself is kept nowhere';
comment on constraint already_carried_out on case_key is
  'Told to whoever sends a request again under its Idempotency-Key after 24 hours: the key derives from both, so nothing is filed twice';

create table complaint_private (
  complaint_id      uuid primary key constraint complaint references complaint on delete cascade,
  narrative         bytea not null,
  place             bytea,
  officer_described bytea,
  filed_by          text
);
comment on table complaint_private is 'Sealed: what happened, where, and who is described. filed_by: the subject of a filer who signed in';

create table complaint_contact (
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  party        text not null check (party in ('complainant', 'representative')),
  contact      bytea not null,
  primary key (complaint_id, party)
);
comment on table complaint_contact is 'Sealed: how to reach them. Shown to the group only as far as complaint.identity_to says';

create table complainant (
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  ordinal      int  not null check (ordinal between 1 and 20),
  race         text[] not null default '{}',
  sex          text check (length(sex) <= 32),
  age_band     text check (length(age_band) <= 32),
  relation     text not null check (length(relation) <= 32),
  primary key (complaint_id, ordinal)
);
comment on table complainant is 'Those it happened to, as they describe themselves. Never joined to anything public';

create table allegation (
  id             uuid primary key default gen_random_uuid(),
  complaint_id   uuid not null constraint complaint references complaint on delete cascade,
  ordinal        int  not null,
  category       text not null check (length(category) <= 64),
  finding        text check (length(finding) <= 64),
  finding_status text check (finding_status in ('pending', 'final')),
  decided_by     text check (length(decided_by) <= 32),
  reported_by    text check (length(reported_by) <= 32),
  outcome        text check (length(outcome) <= 64),
  decided_on     date,
  revision       bigint not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint finding check ((finding is null) = (finding_status is null)),
  constraint decided_by check (finding_status <> 'final' or decided_by is not null),
  unique (complaint_id, ordinal) deferrable initially deferred
);
create index allegation_category on allegation (category, complaint_id);

create table assignment (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  subject      text not null check (length(subject) <= 255),
  assigned_by  text,
  assigned_at  timestamptz not null,
  ended_at     timestamptz
);
create unique index already_assigned on assignment (subject, complaint_id) where ended_at is null;
create index assignment_complaint on assignment (complaint_id, assigned_at, id);

create table recusal (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  subject      text not null check (length(subject) <= 255),
  reason       bytea not null,
  by_subject   text,
  at           timestamptz not null,
  constraint already_recused unique (subject, complaint_id)
);
create index recusal_complaint on recusal (complaint_id, at, id);
comment on table recusal is 'Takes away all access of a person to a complaint, for good. The reason is sealed: recusal_reason() tells whom reads_reasons() says';

create table complaint_link (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  kind         text not null check (kind in ('complaint', 'emergency', 'need', 'inquiry', 'external')),
  target       text not null check (target <> '' and length(target) <= 200),
  by_subject   text,
  at           timestamptz not null,
  constraint already_linked unique (complaint_id, kind, target)
);
create index complaint_link_complaint on complaint_link (complaint_id, at, id);

-- What the database keeps by itself
create function begin_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  new.filed_in := pg_current_xact_id();
  if new.public_reference is null then
    new.public_reference := random_reference('C');
  end if;
  new.channel     := coalesce(new.channel, case current_setting('cpwg.role', true) when 'partner' then 'partner' else 'web' end);
  new.received_at := coalesce(new.received_at, clock_timestamp());
  return new;
end
$$;

create function is_past(at timestamptz) returns boolean
language sql volatile
begin atomic
  select coalesce(at between '1900-01-01' and clock_timestamp() + interval '1 day', true);
end;
comment on function is_past(timestamptz) is
  'Whether it may be when something happened, as far as clocks and zones can be trusted; PostgreSQL takes years that JSON''s dates do not have';

create function time_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if new.occurred_from > new.occurred_to then
    raise exception 'ended before it began' using errcode = 'CW008', detail = 'occurred.to is before occurred.from';
  end if;
  if not (is_past(new.occurred_from) and is_past(new.occurred_to) and is_past(new.received_at)) then
    raise exception 'no time of a complaint' using errcode = 'CW008', detail = 'it happened and came in since 1900, and not in the future';
  end if;
  if tg_op = 'INSERT' then
    new.state_since := coalesce(new.state_since, new.received_at);
  elsif new.state <> old.state then
    new.state_since := clock_timestamp();
    if new.state = 'decided' then
      new.decided_at := new.state_since;
    end if;
    new.closed_at := case when new.state in ('closed', 'withdrawn') then new.state_since end;
  end if;
  new.due_at := new.state_since + interval '1 hour' * case
    when new.retaliation and new.state = 'received' then 24
    else (select min(clock_hours) from lifecycle_transition where record = 'complaint' and from_state = new.state)
  end;
  return new;
end
$$;
comment on function time_complaint() is 'Row trigger: when the state was entered, decided, closed, and when the next move is due';

create function check_disclosure() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  wider constant text[] := '{nobody,group,group_and_police}';
begin
  if (array_position(wider, new.identity_to) > array_position(wider, old.identity_to) or new.publish > old.publish) -- statistics_only < summary
     and current_setting('cpwg.role', true) = 'case' and not may_disclose() then
    raise exception 'discloses more' using errcode = 'CW008', detail = 'whoever complained holds a key, and alone discloses more';
  end if;
  return new;
end
$$;
comment on function check_disclosure() is 'Row trigger: a representative discloses less at any time, more only where may_disclose() says so';

create function touch_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update complaint set revision = revision
  where  id = case when tg_op = 'DELETE' then old.complaint_id else new.complaint_id end
  and    filed_in is distinct from pg_current_xact_id();
  return null;
end
$$;
comment on function touch_complaint() is 'Row trigger of what a complaint''s record shows: raises the complaint''s revision';

create function sign_row() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.at         := clock_timestamp();
  new.by_subject := nullif(current_setting('cpwg.subject', true), '');
  return new;
end
$$;
comment on function sign_row() is 'Row trigger: who did it and when, whatever the statement says';

create function begin_private() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.filed_by := nullif(current_setting('cpwg.subject', true), '');
  return new;
end
$$;

create function begin_assignment() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if exists (select from recusal r where r.complaint_id = new.complaint_id and r.subject = new.subject) then
    raise exception 'recused' using errcode = 'CW008', detail = 'this person is recused from the complaint';
  end if;
  new.assigned_at := clock_timestamp();
  new.assigned_by := nullif(current_setting('cpwg.subject', true), '');
  return new;
end
$$;

create function recuse() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update assignment set ended_at = new.at
  where  complaint_id = new.complaint_id and subject = new.subject and ended_at is null;
  return null;
end
$$;
comment on function recuse() is 'Row trigger: a recusal ends the person''s assignment';

create function city_time(at timestamptz) returns timestamp
language sql stable
begin atomic
  select at at time zone coalesce(nullif(current_setting('cpwg.time_zone', true), ''), 'America/New_York');
end;
comment on function city_time(timestamptz) is 'In the city''s time zone; another city''s: alter database ... set cpwg.time_zone = ...';

create function quarter_of(at timestamptz) returns text
language sql stable
begin atomic
  select to_char(city_time(at), 'YYYY"-Q"Q');
end;
comment on function quarter_of(timestamptz) is 'The quarter in the city''s time zone: 2026-Q3';

create function check_allegation() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if not is_past(new.decided_on) then
    raise exception 'no day of a decision' using errcode = 'CW008', detail = 'decided_on is before 1900 or in the future';
  end if;
  return new;
end
$$;

create function number_allegation() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if new.ordinal is null then
    perform 1 from complaint where id = new.complaint_id for update;
    new.ordinal := 1 + coalesce((select max(ordinal) from allegation where complaint_id = new.complaint_id), 0);
  end if;
  return new;
end
$$;

-- In the order of their names: begin, check_disclosure, stamp, time
create trigger begin before insert on complaint for each row execute function begin_complaint();
create trigger check_disclosure before update of publish, identity_to on complaint for each row execute function check_disclosure();
create trigger stamp before insert or update on complaint for each row execute function stamp();
create trigger time before insert or update on complaint for each row execute function time_complaint();
create trigger make_transition before insert on complaint_transition for each row execute function make_transition('complaint', 'complaint_record');

create trigger begin before insert on complaint_private for each row execute function begin_private();
create trigger check_it before insert or update on allegation for each row execute function check_allegation();
create trigger number before insert on allegation for each row execute function number_allegation();
create trigger stamp before insert or update on allegation for each row execute function stamp();
create trigger touch after insert or update or delete on allegation for each row execute function touch_complaint();
create trigger begin before insert on assignment for each row execute function begin_assignment();
create trigger touch after insert or update on assignment for each row execute function touch_complaint();
create trigger sign before insert on recusal for each row execute function sign_row();
create trigger recuse after insert on recusal for each row execute function recuse();
create trigger sign before insert on complaint_link for each row execute function sign_row();

commit;
