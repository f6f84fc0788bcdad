-- police_records: what a police department's system sends, create or correct by (source, external id); the same event as told by a resident
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table source (
  code            text collate "C" primary key check (code ~ '^[a-z0-9][a-z0-9.-]*$' and length(code) <= 64),
  organization_id uuid constraint organization references organization,
  name_es         text not null check (length(name_es) <= 160),
  name_en         text not null check (length(name_en) <= 160),
  is_demo         boolean not null default false
);
comment on table source is 'A department''s system; its tokens name it in the claim source';

-- Their words, whatever their case and the spaces around them
create function plain_word(word text) returns text
language sql immutable parallel safe
return lower(btrim(word)) collate "C";

create table source_category (
  source_code text collate "C" not null constraint source references source on update cascade on delete cascade,
  value       text collate "C" not null check (value = lower(btrim(value))),
  vocabulary  text not null generated always as ('allegation_category') stored,
  category    text not null,
  version     text not null check (length(version) <= 64),
  primary key (source_code, value),
  constraint category foreign key (vocabulary, category) references vocabulary_term (vocabulary, code)
);
comment on table source_category is 'What a source''s own words for a category mean here. Codes of ours need no row: they mean themselves';
comment on column source_category.version is 'Of the source''s list of words, such as the year of its directive';

create table source_place (
  source_code       text collate "C" not null constraint source references source on update cascade on delete cascade,
  district          text collate "C" not null check (district = lower(btrim(district))),
  neighborhood_code text collate "C" constraint neighborhood references neighborhood (code) on update cascade,
  sector            text collate "C" check (length(sector) <= 64),
  primary key (source_code, district)
);
comment on table source_place is 'Where a source''s districts lie: in a neighborhood, else in a sector; with neither it is known and not placed';

create table police_record (
  id                uuid primary key,
  source_code       text collate "C" not null constraint source references source on update cascade,
  external_id       text collate "C" not null check (length(external_id) between 1 and 64),
  received_on       date,
  occurred_on       date,
  category          text check (length(category) <= 64),
  category_sent     text check (length(category_sent) <= 120),
  district          text check (length(district) <= 64),
  neighborhood_code text collate "C" constraint neighborhood references neighborhood (code) on update cascade,
  sector            text collate "C",
  status            text check (status in ('open', 'closed')),
  closed_on         date,
  complainants      int not null default 0,
  allegations       int not null default 0,
  body_hash         text,
  withdrawn_as      text check (withdrawn_as in ('error', 'duplicate', 'expunged')),
  withdrawn_at      timestamptz,
  is_demo           boolean not null default false,
  revision          bigint not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  unique (source_code, external_id),
  constraint withdrawn check ((withdrawn_as is null) = (withdrawn_at is null)),
  constraint emptied check (case when withdrawn_as is null then num_nulls(received_on, category, category_sent, status, body_hash) = 0
                                 else num_nonnulls(received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status,
                                                   closed_on, body_hash) = 0 and complainants = 0 and allegations = 0 end)
);
comment on column police_record.body_hash is 'Keyed digest of what was sent, by which an unchanged record is told';
comment on column police_record.withdrawn_as is 'Why it was withdrawn. What stood in it is gone then; the id stays, so that it does not come back';

create index police_record_updated      on police_record (updated_at, id);
create index police_record_source       on police_record (source_code, updated_at, id);
create index police_record_category     on police_record (category, updated_at, id);
create index police_record_status       on police_record (status, updated_at, id);
create index police_record_neighborhood on police_record (neighborhood_code, updated_at, id);
create index police_record_received     on police_record (received_on, id);
create index police_record_own          on police_record (id, source_code);
comment on index police_record_own is 'By which a source''s read of another''s record ends where one of no record does: in the index, the row unread';

create table police_record_private (
  record_id   uuid primary key constraint police_record references police_record on delete cascade,
  source_code text collate "C" not null constraint source references source on update cascade,
  narrative   bytea not null
);
comment on table police_record_private is 'Sealed: the department''s own words. Whoever sent them does not get them back';

create table police_record_complainant (
  record_id   uuid not null constraint police_record references police_record on delete cascade,
  source_code text collate "C" not null constraint source references source on update cascade,
  ordinal     int  not null check (ordinal between 1 and 50),
  race        text[] not null default '{}',
  sex         text check (length(sex) <= 32),
  age_band    text check (length(age_band) <= 32),
  how_known   text check (length(how_known) <= 32),
  primary key (record_id, ordinal)
);

create table police_record_allegation (
  record_id      uuid not null constraint police_record references police_record on delete cascade,
  source_code    text collate "C" not null constraint source references source on update cascade,
  ordinal        int  not null check (ordinal between 1 and 100),
  category       text check (length(category) <= 64),
  category_sent  text check (length(category_sent) <= 120),
  finding        text check (length(finding) <= 64),
  finding_status text check (finding_status in ('pending', 'final')),
  decided_by     text check (length(decided_by) <= 32),
  outcome        text check (length(outcome) <= 64),
  officer_race   text[] not null default '{}',
  officer_sex    text check (length(officer_sex) <= 32),
  primary key (record_id, ordinal)
);
comment on table police_record_allegation is 'The same one twice is two rows: the ordinal tells them apart';

create table police_batch (
  id          uuid primary key,
  source_code text collate "C" not null constraint source references source on update cascade,
  received    int not null,
  created     int not null,
  updated     int not null,
  unchanged   int not null,
  refused     int not null,
  results     jsonb not null,
  by_subject  text,
  at          timestamptz not null,
  check (received = created + updated + unchanged + refused)
);
create index police_batch_at     on police_batch (at, id);
create index police_batch_source on police_batch (source_code, at, id);
comment on column police_batch.results is 'What was answered, row by row: pointers and reasons, never values';

create table counterpart (
  id               uuid primary key,
  complaint_id     uuid not null constraint complaint references complaint on delete cascade,
  police_record_id uuid constraint police_record references police_record on delete cascade,
  by_subject       text,
  at               timestamptz not null,
  constraint police_record_has_one unique (police_record_id)
);
create unique index complaint_has_one on counterpart (complaint_id) where police_record_id is not null;
create index counterpart_complaint    on counterpart (complaint_id);
comment on table counterpart is 'A resident''s complaint and a police record of the same event, as whoever handles the complaint confirms. Sources never learn of it';
comment on column counterpart.police_record_id is 'Null once its source withdrew it: nothing points there then, and sums still count that there was one';

create function caller_source() returns text
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select nullif(current_setting('cpwg.source', true), '');
end;
comment on function caller_source() is 'The source that the caller''s token names, or null; once a statement, as (select caller_source())';

create function counterparts_of_caller() returns uuid[]
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select coalesce(array_agg(k.police_record_id), '{}')
  from   assignment a join counterpart k using (complaint_id)
  where  a.subject = nullif(current_setting('cpwg.subject', true), '')
  and    a.ended_at is null
  and    k.complaint_id <> all (recused_from());
end;
comment on function counterparts_of_caller() is 'Police records whose counterpart the caller handles';

-- A push. What a source may send is the contract's matter, and was looked at; here stands what only the tables know
create type judged_police_record as (index int, external_id text, result text, id uuid, errors jsonb, hash text, record jsonb);
comment on type judged_police_record is 'A record as it was sent, and what becomes of it';

create function judge_police_records(records jsonb, language text) returns setof judged_police_record
language sql stable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  with sent as materialized ( -- before row security is asked, which else kept what stands in a record out of the index
    select x.index, x.hash, x.record, (x.record ->> 'external_id') collate "C" as external_id
    from   jsonb_to_recordset(records) as x (index int, hash text, record jsonb)
  ), known as (
    select s.*, row_number() over (partition by s.external_id order by s.index) as nth, p.id as known_id, p.withdrawn_as,
           p.body_hash is not distinct from s.hash as is_same
    from   sent s left join police_record p on p.source_code = (select caller_source()) and p.external_id = s.external_id
  ), changed as (
    select k.* from known k where k.nth = 1 and k.withdrawn_as is null and (k.known_id is null or not k.is_same)
  ), words as (
    select c.index, '/category' as pointer, plain_word(c.record ->> 'category') as word from changed c
    union all
    select c.index, '/allegations/' || a.n - 1 || '/category', plain_word(a.allegation ->> 'category')
    from   changed c, jsonb_array_elements(c.record -> 'allegations') with ordinality as a (allegation, n)
    where  a.allegation ->> 'category' is not null
  ), reason (code, keyword, es, en) as (
    values ('repeated',  'duplicate', 'Ya aparece antes en este envío; vale la primera.', 'Stands in this call before; the first one counts.'),
           ('withdrawn', 'withdrawn', 'Se retiró, y no vuelve con este id.', 'Was withdrawn, and does not come back under this id.'),
           ('category',  'reference', 'No es una categoría, ni está asignada a una para esta fuente.', 'Is no category, nor mapped to one for this source.'),
           ('district',  'reference', 'No es un distrito de esta fuente.', 'Is no district of this source.'),
           ('future',    'conflict',  'Está en el futuro.', 'Lies in the future.'),
           ('late',      'conflict',  'Es posterior a received_on.', 'Is later than received_on.'),
           ('early',     'conflict',  'Es anterior a received_on.', 'Is earlier than received_on.'),
           ('open',      'conflict',  'Se indica aunque status es open.', 'Is given although status is open.')
  ), fault (index, pointer, code) as (
    select k.index, '/external_id', 'repeated' from known k where k.nth > 1
    union all
    select k.index, '/external_id', 'withdrawn' from known k where k.nth = 1 and k.withdrawn_as is not null
    union all
    select w.index, w.pointer, 'category'
    from   words w
    where  not exists (select from source_category m where m.source_code = (select caller_source()) and m.value = w.word)
    and    not exists (select from vocabulary_term t where t.vocabulary = 'allegation_category' and t.code = w.word and not t.retired)
    union all
    select c.index, '/district', 'district'
    from   changed c
    where  c.record ->> 'district' is not null
    and    not exists (select from source_place m where m.source_code = (select caller_source())
                                                  and   m.district = plain_word(c.record ->> 'district'))
    union all
    select c.index, '/' || d.member, 'future'
    from   changed c, unnest('{received_on,closed_on}'::text[]) as d (member)
    where  (c.record ->> d.member)::date > city_time(now())::date
    union all
    select c.index, '/occurred_on', 'late' from changed c where (c.record ->> 'occurred_on')::date > (c.record ->> 'received_on')::date
    union all
    select c.index, '/closed_on', 'early' from changed c where (c.record ->> 'closed_on')::date < (c.record ->> 'received_on')::date
    union all
    select c.index, '/closed_on', 'open' from changed c where c.record ->> 'closed_on' is not null and c.record ->> 'status' = 'open'
  ), faults as (
    select   f.index, jsonb_agg(jsonb_build_object('pointer', f.pointer, 'keyword', r.keyword, 'detail', case language when 'en' then r.en else r.es end)
                                order by f.pointer, f.code) as list
    from     fault f join reason r using (code)
    group by f.index
  )
  select k.index, k.external_id,
         case when f.list is not null then 'refused' when k.known_id is null then 'created' when k.is_same then 'unchanged' else 'updated' end,
         case when f.list is null then coalesce(k.known_id, gen_random_uuid()) end,
         coalesce(f.list, '[]'), k.hash, k.record
  from   known k left join faults f using (index);
end;
comment on function judge_police_records(jsonb, text) is 'What becomes of each record that fits the contract, for the caller''s source: pointers and reasons, never values';

create function police_records_of(judged judged_police_record[])
returns table (id uuid, result text, external_id text, received_on date, occurred_on date, category text, category_sent text, district text, neighborhood_code text, sector text,
               status text, closed_on date, complainants int, allegations int, body_hash text)
language sql stable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select j.id, j.result, j.external_id, (j.record ->> 'received_on')::date, (j.record ->> 'occurred_on')::date,
         coalesce(c.category, plain_word(j.record ->> 'category')), j.record ->> 'category', j.record ->> 'district', p.neighborhood_code,
         coalesce(n.sector, p.sector), j.record ->> 'status', (j.record ->> 'closed_on')::date,
         coalesce(jsonb_array_length(nullif(j.record -> 'complainants', 'null')), 0), coalesce(jsonb_array_length(nullif(j.record -> 'allegations', 'null')), 0), j.hash
  from   unnest(judged) as j
         left join source_category c on c.source_code = (select caller_source()) and c.value = plain_word(j.record ->> 'category')
         left join source_place p on p.source_code = (select caller_source()) and p.district = plain_word(j.record ->> 'district')
         left join neighborhood n on n.code = p.neighborhood_code;
end;
comment on function police_records_of(judged_police_record[]) is 'Judged records as rows: with our category and place beside the source''s own words';

create function store_police_records(changed judged_police_record[]) returns void
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  source constant text := caller_source();
begin
  insert into police_record (id, source_code, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector,
                             status, closed_on, complainants, allegations, body_hash)
  select r.id, source, r.external_id, r.received_on, r.occurred_on, r.category, r.category_sent, r.district, r.neighborhood_code, r.sector,
         r.status, r.closed_on, r.complainants, r.allegations, r.body_hash
  from   police_records_of(changed) as r
  where  r.result = 'created';

  update police_record p
  set    (revision, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status, closed_on, complainants, allegations, body_hash) =
         (p.revision + 1, r.received_on, r.occurred_on, r.category, r.category_sent, r.district, r.neighborhood_code, r.sector, r.status, r.closed_on,
          r.complainants, r.allegations, r.body_hash)
  from   police_records_of(changed) as r
  where  r.result = 'updated'
  and    p.id = r.id;

  perform empty_police_records(array(select j.id from unnest(changed) as j where j.result = 'updated'));

  insert into police_record_private (record_id, source_code, narrative)
  select j.id, source, (j.record ->> 'narrative')::bytea
  from   unnest(changed) as j
  where  j.record ->> 'narrative' is not null;

  insert into police_record_complainant (record_id, source_code, ordinal, race, sex, age_band, how_known)
  select j.id, source, n, array(select jsonb_array_elements_text(c -> 'race')), c ->> 'sex', c ->> 'age_band', c ->> 'how_known'
  from   unnest(changed) as j, jsonb_array_elements(j.record -> 'complainants') with ordinality as x (c, n);

  insert into police_record_allegation (record_id, source_code, ordinal, category, category_sent, finding, finding_status, decided_by, outcome,
                                        officer_race, officer_sex)
  select j.id, source, n, coalesce(m.category, plain_word(a ->> 'category')), a ->> 'category', a ->> 'finding', a ->> 'finding_status',
         a ->> 'decided_by', a ->> 'outcome', array(select jsonb_array_elements_text(a -> 'officer_race')), a ->> 'officer_sex'
  from   unnest(changed) as j
         cross join jsonb_array_elements(j.record -> 'allegations') with ordinality as x (a, n)
         left join source_category m on m.source_code = source and m.value = plain_word(a ->> 'category');
end
$$;
comment on function store_police_records(judged_police_record[]) is 'Records that are new or differ, set by set';

create function push_police_records(batch_id uuid, records jsonb, refused jsonb, language text) returns void
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  source constant text := caller_source();
  call   record;
begin
  if source is null or not exists (select from source s where s.code = source) then
    raise exception 'no source' using errcode = 'CW008', detail = 'the token names no source that is known here';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('cpwg push ' || source, 0)); -- two calls of one source take turns

  with judged as (
    select j from judge_police_records(push_police_records.records, language) as j
  ), line as (
    select (j).index, (j).external_id, (j).result, (j).id, (j).errors from judged
    union all
    select r.index, null, 'refused', null, r.errors from jsonb_to_recordset(refused) as r (index int, errors jsonb)
  )
  select count(*) as received, count(*) filter (where l.result = 'created') as created, count(*) filter (where l.result = 'updated') as updated,
         count(*) filter (where l.result = 'unchanged') as unchanged, count(*) filter (where l.result = 'refused') as refused,
         jsonb_agg(l order by l.index) as results, array(select j from judged where (j).result in ('created', 'updated')) as changed
  into   call
  from   line l;

  if call.changed <> '{}' then
    perform store_police_records(call.changed);
  end if;

  insert into police_batch (id, source_code, received, created, updated, unchanged, refused, results)
  values (batch_id, source, call.received, call.created, call.updated, call.unchanged, call.refused, call.results);
end
$$;
comment on function push_police_records(uuid, jsonb, jsonb, text) is
  'Carries out one call of the caller''s source, set by set: records that fit (index, hash, record) and those refused (index, errors). Row security is the caller''s';

create function empty_police_records(records uuid[]) returns void
language sql set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  delete from police_record_private where record_id = any (records);
  delete from police_record_complainant where record_id = any (records);
  delete from police_record_allegation where record_id = any (records);
end;
comment on function empty_police_records(uuid[]) is 'Takes away what belongs to records: sets of children are replaced as a whole';

create function begin_police_record() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  new.is_demo := (select s.is_demo from source s where s.code = new.source_code);
  return new;
end
$$;

create function withdraw_police_record() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if old.withdrawn_as is not null then
    raise exception 'withdrawn' using errcode = 'CW008', detail = 'the record was withdrawn, and changes no more';
  end if;
  if new.withdrawn_as is not null then
    new.withdrawn_at := clock_timestamp();
    new.received_on := null; new.occurred_on := null; new.category := null; new.category_sent := null; new.district := null;
    new.neighborhood_code := null; new.sector := null; new.status := null; new.closed_on := null; new.body_hash := null;
    new.complainants := 0; new.allegations := 0;
    perform empty_police_records(array[new.id]);
    update counterpart set police_record_id = null where police_record_id = new.id;
  end if;
  return new;
end
$$;
comment on function withdraw_police_record() is 'Row trigger: a withdrawn record keeps its id and the reason, nothing else, for good';

create function begin_counterpart() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if new.complaint_id <> all (assigned_to()) or not is_not_police() then
    return new; -- the policy refuses it, whatever the record is
  end if;
  perform from police_record where id = new.police_record_id for update;
  if exists (select from police_record p where p.id = new.police_record_id and p.withdrawn_as is not null)
     or exists (select from counterpart k where k.police_record_id = new.police_record_id and k.complaint_id <> new.complaint_id) then
    raise exception 'cannot be linked' using errcode = 'CW009';
  end if;
  return new;
end
$$;
comment on function begin_counterpart() is 'Row trigger: a record that was withdrawn and one that another complaint has are refused alike: nobody learns of that complaint';

create trigger begin before insert on police_record for each row execute function begin_police_record();
create trigger stamp before insert or update on police_record for each row execute function stamp();
create trigger withdraw before update on police_record for each row execute function withdraw_police_record();
create trigger sign before insert on police_batch for each row execute function sign_row();
create trigger begin before insert on counterpart for each row execute function begin_counterpart();
create trigger sign before insert on counterpart for each row execute function sign_row();

create view police_record_row with (security_invoker) as
select id, source_code as source, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code as neighborhood, sector,
       status, closed_on, complainants as complainants_count, allegations as allegations_count, withdrawn_as, withdrawn_at, is_demo as demo,
       created_at, updated_at, revision as "_revision"
from   police_record;
comment on view police_record_row is 'A police record in a list: without its children';

create view police_record_whole with (security_invoker) as
select id, source_code as source, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code as neighborhood, sector,
       status, closed_on,
       (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('race', to_jsonb(c.race), 'sex', c.sex, 'age_band', c.age_band, 'how_known', c.how_known))
                                  order by ordinal), '[]')
        from   police_record_complainant c
        where  c.record_id = p.id) as complainants,
       (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('category', a.category, 'category_sent', a.category_sent, 'finding', a.finding,
                                                     'finding_status', a.finding_status, 'decided_by', a.decided_by, 'outcome', a.outcome,
                                                     'officer_race', to_jsonb(a.officer_race), 'officer_sex', a.officer_sex))
                                  order by ordinal), '[]')
        from   police_record_allegation a
        where  a.record_id = p.id) as allegations,
       withdrawn_as, withdrawn_at, is_demo as demo, created_at, updated_at, revision as "_revision"
from   police_record p;
comment on view police_record_whole is 'A police record with complainants and allegations; its narrative is apart';

create view police_batch_row with (security_invoker) as
select id, source_code as source, received, created, updated, unchanged, refused, by_subject, at
from   police_batch;

create view police_batch_whole with (security_invoker) as
select id, source_code as source, received, created, updated, unchanged, refused, by_subject, at, results
from   police_batch;

create view counterpart_record with (security_invoker) as
select k.id, k.complaint_id, k.police_record_id, p.source_code as source, p.external_id, p.received_on, p.category, k.by_subject, k.at
from   counterpart k join police_record p on p.id = k.police_record_id;

commit;
