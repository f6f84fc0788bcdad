-- publications: from a draft of what is told of a complaint to its approval: looked through for names, and by a second person
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table complaint_publication (
  id          uuid constraint already_drafted primary key constraint complaint references complaint on delete cascade,
  summary_es  text check (length(summary_es) <= 4000),
  summary_en  text check (length(summary_en) <= 4000),
  drafted_by  text,
  drafters    text[] not null default '{}',
  state       text not null,
  is_demo     boolean not null default false,
  revision    bigint not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  constraint summary check ((summary_es is null) = (summary_en is null))
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

create trigger begin before insert or update on complaint_publication for each row execute function begin_publication();
create trigger stamp before insert or update on complaint_publication for each row execute function stamp();
create trigger make_transition before insert on publication_transition for each row
execute function make_transition('complaint_publication', 'publication_record');
create trigger begin before insert on publication_check for each row execute function begin_look();
create trigger sign before insert on publication_check for each row execute function sign_row();
create trigger touch after insert on publication_check for each row
when (not is_for_approval(new.by_role)) -- whose looks are not even counted for others: publication_record
execute function touch_publication();
create trigger touch_publication after insert on resolution for each row execute function touch_publication();
create trigger touch_publication after insert or update on assignment for each row execute function touch_publication();
create trigger withhold after update of identity_to on complaint for each row
when (old.identity_to <> 'nobody' and new.identity_to = 'nobody')
execute function withhold_places();

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

commit;
