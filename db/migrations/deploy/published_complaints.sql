-- published_complaints: what anybody may read of a complaint. The public reads a table of its own, which holds nothing else
begin;

set local role cpwg_owner;
set local search_path = cpwg;

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

create trigger refresh after update on complaint_publication for each row
when ((old.state, old.summary_es, old.summary_en) is distinct from (new.state, new.summary_es, new.summary_en))
execute function refresh_of_publication();
create trigger may_publish before insert on publication_transition for each row execute function may_publish();
create trigger refresh after update of state, publish, kind, neighborhood_code on complaint for each row execute function refresh_of_complaint();
create trigger refresh after insert or update or delete on allegation for each row execute function refresh_of_child();
create trigger stamp before insert or update on published_complaint for each row execute function stamp();
create trigger publish before insert or update or delete or truncate on published_complaint
for each statement execute function publish('published_complaints');
comment on trigger publish on published_complaint is
  'Before the rows are stamped: writers then wait for each other first, so that updated_at rises as they commit, and mirrors miss nothing';
insert into publication (topic) values ('published_complaints');

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
