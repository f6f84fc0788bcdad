-- published_complaints: from a draft to what anybody may read. The public reads a table of its own, which holds nothing else
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table complaint_publication (
  id          uuid constraint already_drafted primary key constraint complaint references complaint on delete cascade,
  summary_es  text check (length(summary_es) <= 4000),
  summary_en  text check (length(summary_en) <= 4000),
  drafted_by  text,
  drafters    text[] not null default '{}',
  lifecycle   text not null generated always as ('complaint_publication') stored,
  state       text not null,
  is_demo     boolean not null default false,
  revision    bigint not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint summary check ((summary_es is null) = (summary_en is null)),
  constraint state foreign key (lifecycle, state) references lifecycle_state (record, state)
);
create index complaint_publication_updated on complaint_publication (updated_at, id);
create index complaint_publication_state   on complaint_publication (state, updated_at, id);
comment on column complaint_publication.drafters is 'Everybody who wrote on it since it was published last: none of them approves it';
comment on column complaint_publication.id is 'That of the complaint';

create table publication_transition (like referral_transition including comments);
alter table publication_transition add primary key (id),
  add column preview_version text check (length(preview_version) <= 64),
  add constraint publication foreign key (record_id) references complaint_publication on delete cascade;
create index publication_transition_record on publication_transition (record_id, at, id);
comment on table publication_transition is 'Who moved a publication from state to state, when and why. Append-only';

create table publication_check (
  id           uuid primary key,
  complaint_id uuid not null constraint publication references complaint_publication on delete cascade,
  summary      text not null,
  findings     jsonb not null,
  waived       bytea,
  by_subject   text,
  by_role      text,
  at           timestamptz not null
);
create index publication_check_complaint on publication_check (complaint_id, at, id);
comment on column publication_transition.reason is 'Sealed: nobody may read the column; publication_transition_reason() tells whom reads_reasons() says';
comment on column publication_transition.preview_version is 'What whoever moved it had read, of what would be published';

comment on table publication_check is
  'A look at what would be published, by who drafts or by who approves. Append-only; each side looks at most twenty times in 24 hours, since whoever looks learns something each time';
comment on column publication_check.summary is 'Digest of the summary that was looked at: another needs another look';
comment on column publication_check.waived is 'Sealed: why what was found may stand, which may say what it is';
comment on column publication_check.findings is 'Where names, badges, phones or addresses seem to stand, by member, kind and place; never what stands there, and no place of what is withheld';

-- The whitelist: there is no other way from a complaint to the public
create table published_complaint (
  public_reference  text collate "C" primary key,
  status            text not null check (status in ('published', 'corrected', 'retracted')),
  kind              text,
  categories        text[],
  quarter           text,
  place_rung        text check (place_rung in ('neighborhood', 'sector', 'city')),
  neighborhood_code text collate "C",
  sector            text,
  state             text,
  summary_es        text,
  summary_en        text,
  findings          jsonb,
  resolution_es     text,
  resolution_en     text,
  published_at      timestamptz not null,
  is_demo           boolean not null default false,
  revision          bigint not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint retracted check (status <> 'retracted' or
    coalesce(kind, quarter, place_rung, neighborhood_code, sector, state, summary_es, summary_en, resolution_es, resolution_en) is null
    and categories is null and findings is null)
);
create index published_complaint_updated      on published_complaint (updated_at, public_reference);
create index published_complaint_kind         on published_complaint (kind, updated_at, public_reference);
create index published_complaint_quarter      on published_complaint (quarter, updated_at, public_reference);
create index published_complaint_neighborhood on published_complaint (neighborhood_code, updated_at, public_reference);
create index published_complaint_state        on published_complaint (state, updated_at, public_reference);

create function publication_transition_reason(id uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return case when reads_reasons() then (select t.reason from publication_transition t where t.id = publication_transition_reason.id) end;
end
$$;
comment on function publication_transition_reason(uuid) is 'Why, of a row that the caller sees: the only way to the column, which nobody may read';

create function last_resolution(complaint_id uuid, until timestamptz default 'infinity') returns resolution
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select r from resolution r
          where  r.complaint_id = last_resolution.complaint_id and r.at <= until
          order  by at desc, id desc limit 1);
end
$$;
comment on function last_resolution(uuid, timestamptz) is 'The resolution that counts now, or did then';

create function words_to_publish(complaint_id uuid)
returns table (summary_es text, summary_en text, resolution_es text, resolution_en text, may_be_told boolean)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select p.summary_es, p.summary_en, r.text_es, r.text_en, c.publish = 'summary'
  from   complaint_publication p
         join complaint c on c.id = p.id
         left join lateral last_resolution(p.id) as r on true
  where  p.id = words_to_publish.complaint_id
  and    (select is_not_police());
end;
comment on function words_to_publish(uuid) is
  'All words that would be published: the summary and the resolution that counts now; and whether the complainant lets them be told. Nothing for who may not read them';

create function summary_digest(complaint_id uuid) returns text
language plpgsql stable set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select encode(sha256(convert_to(jsonb_build_array(summary_es, summary_en, resolution_es, resolution_en)::text, 'UTF8')), 'hex')
          from   words_to_publish(complaint_id));
end
$$;
comment on function summary_digest(uuid) is 'Of words_to_publish(): whether a look was at these very words';

create function begin_publication() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    new.is_demo := (select is_demo from complaint where id = new.id);
  end if;
  if tg_op = 'UPDATE' and (new.summary_es, new.summary_en) is not distinct from (old.summary_es, old.summary_en) then
    new.drafters := case when new.state in ('published', 'corrected') then '{}' else old.drafters end;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.state <> 'drafted' then
    raise exception 'not a draft' using errcode = 'CW008', detail = 'only a draft is changed: move it back to drafted first';
  end if;
  new.drafted_by := nullif(current_setting('cpwg.subject', true), '');
  new.drafters   := array_append(array_remove(case when tg_op = 'UPDATE' then old.drafters end, new.drafted_by), new.drafted_by);
  return new;
end
$$;
comment on function begin_publication() is 'Row trigger: who wrote the summary; what was checked or approved stays as it was seen';

create function is_for_approval(by_role text) returns boolean
language sql immutable
begin atomic
  select by_role is not distinct from 'publisher';
end;
comment on function is_for_approval(text) is 'Whether it was who approves that looked, and not who drafts: publishers who do not approve do not look';

create function approves(complaint_id uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  caller constant text := nullif(current_setting('cpwg.subject', true), '');
begin
  return caller is not null
         and coalesce(current_setting('cpwg.role', true), '') = 'publisher'
         and not exists (select from complaint_publication p where p.id = approves.complaint_id and caller = any (p.drafters))
         and not exists (select from assignment a where a.complaint_id = approves.complaint_id and a.subject = caller);
end
$$;
comment on function approves(uuid) is
  'Whether the caller is of the side that approves: a publisher who neither drafted it nor ever handled the complaint. Who writes drafts would be told by their guesses what is withheld';

-- Names of those who let nobody know them are compared for who approves alone, who writes no draft: they learn that something of theirs
-- stands there, not where
create function private_side(complaint_id uuid)
returns table (narrative bytea, place bytea, officer_described bytea, contact bytea, text bytea, withheld boolean)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select told.narrative, told.place, told.officer_described, told.contact, told.text, told.withheld
  from   (select p.complaint_id, p.narrative, p.place, p.officer_described, null::bytea, null::bytea, false
          from   complaint_private p
          union all
          select k.complaint_id, null, null, null, k.contact, null, not shows_identity(k.complaint_id)
          from   complaint_contact k
          union all
          select m.complaint_id, null, null, null, null, m.text, false
          from   complaint_message m
          where  m.author <> 'group'
          union all
          select a.complaint_id, null, null, null, null, a.text, false
          from   resolution_answer a
          where  a.text is not null) as told (complaint_id, narrative, place, officer_described, contact, text, withheld)
  where  told.complaint_id = private_side.complaint_id
  and    case coalesce(current_setting('cpwg.role', true), '')
           when 'publisher' then (select approves(private_side.complaint_id))
           else not told.withheld and told.complaint_id = any ((select assigned_to())::uuid[])
         end
  and    told.complaint_id <> all ((select recused_from())::uuid[])
  and    (select is_not_police());
end;
comment on function private_side(uuid) is
  'Sealed: everything that a summary is compared with, for whoever handles the complaint or approves; nothing of it is shown. withheld: a contact that nobody may know, not even who handles it: for who approves alone';

create function begin_look() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  looks_max constant int := 20;
  period    constant interval := interval '24 hours';
  first_at  timestamptz;
begin
  new.by_role := nullif(current_setting('cpwg.role', true), '');
  select at into first_at from publication_check
  where  complaint_id = new.complaint_id
  and    is_for_approval(by_role) = is_for_approval(new.by_role)
  and    at > clock_timestamp() - period
  order  by at desc, id desc
  offset looks_max - 1 limit 1;
  if found then
    raise exception 'looked too often' using errcode = 'CW007', detail = ceil(extract(epoch from first_at + period - clock_timestamp()));
  end if;
  return new;
end
$$;
comment on function begin_look() is
  'Row trigger: whose side looks; and who guesses what is private, a draft a guess, is soon stopped. The sides are counted apart, or one would learn how often the other looked. The publication is locked meanwhile, so none slips past';

-- The smallest place in which at least eleven complaints were received that year (suppression class persons)
create function place_rung(complaint_id uuid, out rung text, out neighborhood text, out sector text) returns record
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  least_shown constant int := 11;
  theirs complaint;
  n_neighborhood bigint;
  n_sector bigint;
begin
  select * into theirs from complaint c where c.id = place_rung.complaint_id;
  select n.sector into place_rung.sector from neighborhood n where n.code = theirs.neighborhood_code;
  select count(*) filter (where c.neighborhood_code = theirs.neighborhood_code), count(*) filter (where n.sector = place_rung.sector)
  into   n_neighborhood, n_sector
  from   complaint c left join neighborhood n on n.code = c.neighborhood_code
  where  left(quarter_of(c.received_at), 4) = left(quarter_of(theirs.received_at), 4)
  and    c.received_at between theirs.received_at - interval '1 year' and theirs.received_at + interval '1 year'
  and    c.kind = 'complaint'
  and    c.state not in ('received', 'withdrawn', 'duplicate', 'out_of_jurisdiction'); -- or whoever files eleven more would make it finer
  if n_neighborhood >= least_shown then
    rung := 'neighborhood';
    neighborhood := theirs.neighborhood_code;
  elsif n_sector >= least_shown then
    rung := 'sector';
  else
    rung := 'city';
    place_rung.sector := null;
  end if;
end
$$;

create function last_published(complaint_id uuid) returns timestamptz
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return (select coalesce(max(at), 'infinity') from publication_transition t
          where  t.record_id = last_published.complaint_id and t.to_state in ('published', 'corrected'));
end
$$;
comment on function last_published(uuid) is 'When it was published, or corrected, last; what was loaded without a history: whenever';

-- All that the public is told of a complaint while it stands. There is no other list of it: what is published, and what whoever approves reads before
create function to_be_told(complaint_id uuid, anew boolean) returns published_complaint
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  theirs complaint;
  ours   complaint_publication;
  known  published_complaint;
  told   published_complaint;
  place  record;
begin
  select * into theirs from complaint c where c.id = to_be_told.complaint_id;
  select * into ours from complaint_publication p where p.id = to_be_told.complaint_id;
  select * into known from published_complaint p where p.public_reference = theirs.public_reference;
  told.public_reference := theirs.public_reference;
  told.status           := case when known.status in ('published', 'corrected') then 'corrected' else 'published' end;
  told.kind             := theirs.kind;
  told.categories       := array(select distinct category from allegation a where a.complaint_id = theirs.id order by category);
  told.quarter          := quarter_of(theirs.received_at);
  told.state            := theirs.state;
  told.findings         := (select coalesce(jsonb_agg(jsonb_build_object('category', category, 'finding', finding) order by ordinal), '[]')
                            from   allegation a
                            where  a.complaint_id = theirs.id and a.finding_status = 'final');
  told.published_at     := known.published_at;
  told.is_demo          := theirs.is_demo;

  if anew or ours.state in ('published', 'corrected') then
    told.summary_es := ours.summary_es;
    told.summary_en := ours.summary_en;
  else -- a correction is being drafted: what was published stands meanwhile
    told.summary_es := known.summary_es;
    told.summary_en := known.summary_en;
  end if;
  select text_es, text_en into told.resolution_es, told.resolution_en
  from   last_resolution(theirs.id, case when anew then 'infinity' else last_published(theirs.id) end);
  if anew or known.place_rung is null then -- nothing is kept of what was retracted
    select * into place from place_rung(theirs.id);
  else
    select known.place_rung as rung, known.neighborhood_code as neighborhood, known.sector as sector into place;
  end if;
  told.place_rung        := place.rung;
  told.neighborhood_code := place.neighborhood;
  told.sector            := place.sector;
  return told;
end
$$;
comment on function to_be_told(uuid, boolean) is
  'The whitelist, and nothing but final findings. Words and place as they are now (anew), or as they were when it was published last';

create function preview_published(complaint_id uuid) returns setof published_complaint
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if is_not_police() and preview_published.complaint_id <> all (recused_from())
     and (select may_be_told from words_to_publish(preview_published.complaint_id)) then
    return next to_be_told(preview_published.complaint_id, true);
  end if;
end
$$;
comment on function preview_published(uuid) is
  'What everybody would read, were it published now. Nothing for who may not read it, or where the complainant lets it be counted, not told';

create function preview_version(told published_complaint) returns text
language sql immutable
return encode(sha256(convert_to((to_jsonb(told) - '{status,published_at}'::text[])::text, 'UTF8')), 'hex');
comment on function preview_version(published_complaint) is 'Digest of all that would be read, but what publishing itself changes';

create function refresh_published(complaint_id uuid, anew boolean default false) returns void
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  theirs complaint;
  ours   complaint_publication;
  known  published_complaint;
  shown  published_complaint;
  status text;
begin
  select * into ours from complaint_publication p where p.id = refresh_published.complaint_id;
  if not found then
    return;
  end if;
  select * into theirs from complaint c where c.id = refresh_published.complaint_id;
  select * into known from published_complaint p where p.public_reference = theirs.public_reference;

  if ours.state in ('published', 'corrected') and theirs.publish = 'summary' then
    status := ours.state;
  elsif known.public_reference is null or (known.status = 'retracted' and ours.state <> 'published') then
    return;
  elsif ours.state = 'retracted' or theirs.publish <> 'summary' then
    status := 'retracted';
  else
    status := known.status;
  end if;

  if status = 'retracted' then
    shown.public_reference := theirs.public_reference;
    shown.is_demo          := theirs.is_demo;
  else
    shown := to_be_told(theirs.id, anew);
  end if;
  shown.status       := status;
  shown.published_at := coalesce(known.published_at, clock_timestamp());
  insert into published_complaint as p values (shown.*)
  on conflict (public_reference) do update
  set    status = excluded.status, kind = excluded.kind, categories = excluded.categories, quarter = excluded.quarter,
         place_rung = excluded.place_rung, neighborhood_code = excluded.neighborhood_code, sector = excluded.sector,
         state = excluded.state, summary_es = excluded.summary_es, summary_en = excluded.summary_en,
         findings = excluded.findings, resolution_es = excluded.resolution_es, resolution_en = excluded.resolution_en
  where  (p.status, p.kind, p.categories, p.quarter, p.place_rung, p.neighborhood_code, p.sector, p.state,
          p.summary_es, p.summary_en, p.findings, p.resolution_es, p.resolution_en)
         is distinct from
         (excluded.status, excluded.kind, excluded.categories, excluded.quarter, excluded.place_rung,
          excluded.neighborhood_code, excluded.sector, excluded.state, excluded.summary_es, excluded.summary_en,
          excluded.findings, excluded.resolution_es, excluded.resolution_en);
end
$$;
comment on function refresh_published(uuid, boolean) is
  'Brings what the public reads of a complaint up to date, as far as it may. Words and place change only when it is published anew';

create function refresh_of_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if new.publish <> old.publish then -- locked before the counter of the public list, as whoever publishes does
    update complaint_publication set revision = revision where id = new.id;
  end if;
  perform refresh_published(new.id);
  return null;
end
$$;

create function refresh_of_publication() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform refresh_published(new.id, new.state in ('published', 'corrected') and old.state not in ('published', 'corrected'));
  return null;
end
$$;

create function refresh_of_child() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform refresh_published(case when tg_op = 'DELETE' then old.complaint_id else new.complaint_id end);
  return null;
end
$$;

create function withhold_places() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update publication_check
  set    findings = (select coalesce(jsonb_agg(distinct jsonb_build_object('member', f -> 'member', 'kind', 'withheld')), '[]')
                     from   jsonb_array_elements(findings) as f)
  where  complaint_id = new.id;
  return null;
end
$$;
comment on function withhold_places() is 'Row trigger: where earlier looks found what may be of the contact is withheld with it';

create function touch_publication() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update complaint_publication set revision = revision where id = new.complaint_id;
  return null;
end
$$;
comment on function touch_publication() is 'Row trigger of what decides where a publication may go next, which its record shows: raises its revision';

-- What keeps a publication from a state that its lifecycle leads to, as who tries is told; null: nothing
create function publication_obstacle(ours complaint_publication, to_state text) returns text
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  looked publication_check;
begin
  if to_state not in ('checked', 'approved', 'published', 'corrected') then
    return null;
  end if;
  if to_state = 'approved' and not approves(ours.id) then
    return 'a second person approves: nobody who drafted it, or ever handled the complaint';
  end if;
  select * into looked from publication_check
  where  complaint_id = ours.id
  and    summary = summary_digest(ours.id)
  and    is_for_approval(by_role) = (to_state <> 'checked')
  order  by at desc, id desc limit 1;
  if looked.id is null then
    return case to_state when 'checked' then 'this summary has not been checked'
                         else 'whoever approves has not looked at summary and resolution as they are now' end;
  elsif looked.findings <> '[]' and looked.waived is null then
    return 'the check found what may tell who somebody is; change the summary, or say why it may stand';
  elsif to_state = 'checked' then
    return null;
  elsif (select publish from complaint where id = ours.id) <> 'summary' then
    return 'the complainant lets this be counted, not told';
  elsif to_state <> 'approved'
        and (to_state = 'corrected') <> coalesce((select t.to_state <> 'retracted' from publication_transition t
                                                  where  t.record_id = ours.id
                                                  and    t.to_state in ('published', 'corrected', 'retracted')
                                                  order  by at desc, id desc limit 1), false) then
    return 'what stands in public is corrected, and what does not is published';
  end if;
  return null;
end
$$;
comment on function publication_obstacle(complaint_publication, text) is
  'A look at these very words by who drafts, one by a second person, who approves, and the complainant''s leave: why the caller cannot move it there now';

create function publication_next(ours complaint_publication) returns text[]
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  caller constant text := current_setting('cpwg.role', true);
begin
  return (select coalesce(array_agg(t.to_state order by t.position), '{}')
          from   lifecycle_transition t
          where  t.record = 'complaint_publication'
          and    t.from_state = ours.state
          and    caller = any (t.roles)
          and    (caller = 'publisher' or ours.id = any (assigned_to()))
          and    publication_obstacle(ours, t.to_state) is null);
end
$$;
comment on function publication_next(complaint_publication) is 'Where this caller may move it now';

create function may_publish() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(false, obstacle)
  from    complaint_publication p, publication_obstacle(p, new.to_state) as obstacle
  where   p.id = new.record_id
  and     obstacle is not null;
  perform must(new.to_state <> 'approved' or new.preview_version is not null, 'whoever approves has read the preview: its version is missing');
  perform must(new.preview_version is null or exists (select from preview_published(new.record_id) t where preview_version(t) = new.preview_version),
               'what would be published is no longer what was read: read the preview again');
  return new;
end
$$;
comment on function may_publish() is
  'Row trigger, after make_transition: refuses what publication_obstacle() names, and what was decided upon something else than would be published now';

create trigger begin before insert or update on complaint_publication for each row execute function begin_publication();
create trigger begin_lifecycle before insert on complaint_publication for each row execute function begin_lifecycle('complaint_publication');
create trigger stamp before insert or update on complaint_publication for each row execute function stamp();
create trigger refresh after update on complaint_publication for each row
when ((old.state, old.summary_es, old.summary_en) is distinct from (new.state, new.summary_es, new.summary_en))
execute function refresh_of_publication();
create trigger make_transition before insert on publication_transition for each row
execute function make_transition('complaint_publication', 'publication_record');
create trigger may_publish before insert on publication_transition for each row execute function may_publish();
create trigger begin before insert on publication_check for each row execute function begin_look();
create trigger sign before insert on publication_check for each row execute function sign_row();
create trigger touch after insert on publication_check for each row
when (not is_for_approval(new.by_role)) -- whose looks are not even counted for others: publication_record
execute function touch_publication();
create trigger touch_publication after insert on resolution for each row execute function touch_publication();
create trigger touch_publication after insert or update on assignment for each row execute function touch_publication();
create trigger refresh after update of state, publish, kind, neighborhood_code on complaint for each row execute function refresh_of_complaint();
create trigger withhold after update of identity_to on complaint for each row
when (old.identity_to <> 'nobody' and new.identity_to = 'nobody')
execute function withhold_places();
create trigger refresh after insert or update or delete on allegation for each row execute function refresh_of_child();
create trigger stamp before insert or update on published_complaint for each row execute function stamp();
create trigger publish before insert or update or delete or truncate on published_complaint
for each statement execute function publish('published_complaints');
comment on trigger publish on published_complaint is
  'Before the rows are stamped: writers then wait for each other first, so that updated_at rises as they commit, and mirrors miss nothing';
insert into publication (topic) values ('published_complaints');

create view publication_record with (security_invoker) as
select p.id, p.summary_es as "summary.es", p.summary_en as "summary.en", p.drafted_by, p.state, publication_next(p) as next, p.is_demo as demo,
       p.created_at, p.updated_at,
       concat_ws('.', p.revision, (select nullif(count(*), 0) from publication_check k where k.complaint_id = p.id and k.by_role = 'publisher')) as "_revision"
from   complaint_publication p;
comment on view publication_record is
  'What is to be told of a complaint. A look by who approves changes where it may go next, and is a revision, for those who see the look; for others nothing happened';

create view publication_check_record with (security_invoker) as
select k.id, k.complaint_id, k.summary = summary_digest(p.id) as current, k.findings, k.waived, k.by_subject, k.by_role, k.at
from   publication_check k
       join complaint_publication p on p.id = k.complaint_id;

-- How it is shown, the same before and after; put in place where it is asked, so that indexes serve
create type published_face as (
  public_reference text collate "C", status text, kind text, categories text[], quarter text, "place.rung" text,
  "place.neighborhood" text collate "C", "place.sector" text, state text, "summary.es" text, "summary.en" text, findings jsonb,
  "resolution.es" text, "resolution.en" text, published_at timestamptz, demo boolean
);

create function published_face(told published_complaint) returns setof published_face
language sql immutable
begin atomic
  select told.public_reference, told.status, told.kind, told.categories, told.quarter, told.place_rung, told.neighborhood_code, told.sector,
         told.state, told.summary_es, told.summary_en, told.findings, told.resolution_es, told.resolution_en, told.published_at, told.is_demo;
end;

create view published_complaint_record with (security_invoker) as
select r.*, p.updated_at, p.revision as "_revision"
from   published_complaint p, published_face(p) as r;

create view publication_preview with (security_invoker) as
select p.id as complaint_id, r.*, preview_version(t) as version, preview_version(t) as "_revision"
from   complaint_publication p, preview_published(p.id) as t, published_face(t) as r;
comment on view publication_preview is 'What everybody would read of a complaint, were it published now: for who may read its publication';

commit;
