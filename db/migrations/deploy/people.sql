-- people: who may do more than any resident, how they get in, and who sits in the group
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table person (
  id              uuid primary key,
  name            text collate "und-x-icu" not null check (name <> '' and length(name) <= 160),
  email           text not null check (email <> '' and length(email) <= 254),
  language        text not null check (language in ('es', 'en')),
  role            text not null check (role in ('resident', 'member', 'facilitator', 'liaison', 'case_handler', 'publisher', 'police_staff',
                                                'city', 'partner', 'council', 'coordinator', 'auditor')),
  affiliation     text not null check (affiliation in ('resident', 'organization', 'city', 'police', 'council')),
  organization_id uuid constraint organization references organization,
  subject         text constraint subject unique check (subject <> ''),
  state           text not null,
  is_demo         boolean not null default false,
  revision        bigint not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint bound check (state <> 'active' or subject is not null)
);
comment on table person is 'Who has a role. What a caller may do is what stands here, whatever their token says';
comment on column person.subject is 'Whose tokens are theirs; null until the code of an invitation is shown';
comment on column person.email is 'For the office alone: nothing is sent there';

create index person_updated      on person (updated_at, id);
create index person_state        on person (state, updated_at, id);
create index person_role         on person (role, updated_at, id);
create index person_affiliation  on person (affiliation, updated_at, id);
create index person_organization on person (organization_id);

create table person_transition (
  id         uuid primary key,
  record_id  uuid not null constraint person references person on delete cascade,
  from_state text not null,
  to_state   text not null,
  reason     text check (length(reason) <= 2000),
  by_subject text,
  by_role    text,
  at         timestamptz not null
);
create index person_transition_record on person_transition (record_id, at, id);
comment on table person_transition is 'Who moved a person from state to state, when and why. Append-only';

create table invitation (
  id         uuid primary key,
  person_id  uuid not null constraint person references person on delete cascade,
  hash       text collate "C" not null constraint already_invited unique check (hash ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  ended_at   timestamptz,
  by_subject text,
  at         timestamptz not null
);
create unique index invitation_open on invitation (person_id) where ended_at is null;
comment on table invitation is 'Codes by which people bind the subject of their tokens to their record: keyed hashes. A person has one at most; a code works once';
comment on constraint already_invited on invitation is
  'Told to whoever sends a request again under its Idempotency-Key after 24 hours: the code derives from both, so nobody is invited twice';
comment on column invitation.ended_at is 'When it was used, replaced, or its person ended';

create table member (
  id           uuid primary key,
  person_id    uuid not null constraint person references person,
  display_name text collate "und-x-icu" not null check (display_name <> '' and length(display_name) <= 160),
  seat_kind    text not null check (seat_kind in ('resident', 'community_leader', 'youth', 'organization', 'city', 'police', 'council', 'facilitator')),
  affiliation  text not null,
  appointed_by text check (appointed_by <> '' and length(appointed_by) <= 160),
  term_from    date not null,
  term_to      date,
  profile_es   text check (length(profile_es) <= 2000),
  profile_en   text check (length(profile_en) <= 2000),
  listed       boolean not null default false,
  state        text not null,
  is_demo      boolean not null default false,
  revision     bigint not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint profile check ((profile_es is null) = (profile_en is null)),
  constraint term check (term_to >= term_from)
);
create unique index one_seat on member (person_id) where state <> 'ended';
create index member_updated      on member (updated_at, id);
create index member_state        on member (state, updated_at, id);
create index member_seat_kind    on member (seat_kind, updated_at, id);
create index member_person       on member (person_id);
create index member_listed       on member (display_name, id) where listed and state = 'seated';
create index member_listed_kind  on member (seat_kind, display_name, id) where listed and state = 'seated';
comment on table member is 'A seat in the group, and what its holder lets the public read';
comment on column member.affiliation is 'That of the person, kept the same until the seat ends';
comment on column member.listed is 'The member consents to being shown to the public';

create table member_transition (
  id         uuid primary key,
  record_id  uuid not null constraint member references member on delete cascade,
  from_state text not null,
  to_state   text not null,
  reason     text check (length(reason) <= 2000),
  by_subject text,
  by_role    text,
  at         timestamptz not null
);
create index member_transition_record on member_transition (record_id, at, id);
comment on table member_transition is 'Who moved a seat from state to state, when and why. Append-only';

create function keep_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  kind constant text := (select o.kind from organization o where o.id = new.organization_id);
begin
  perform must(new.role not in ('partner', 'police_staff') or new.organization_id is not null, 'this role needs an organization');
  perform must(kind is distinct from 'police_department' or new.affiliation = 'police', 'whoever is of a police department is of police affiliation');
  perform must(new.role <> 'police_staff' or (kind = 'police_department' and new.affiliation = 'police'),
               'police_staff is of police affiliation and of a police department');
  perform must(new.role <> 'partner' or kind not in ('police_department', 'city_department'), 'a partner is of neither police nor city');
  return new;
end
$$;
comment on function keep_person() is 'Row trigger: role, affiliation and organization belong together, so that nobody of the police passes for another';

create function is_office(p person) returns boolean
language sql immutable
begin atomic
  select p.state = 'active' and p.role = 'coordinator' and p.affiliation <> 'police';
end;

create function keep_coordinator() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if is_office(old) and not is_office(new) then
    perform pg_advisory_xact_lock(hashtext('cpwg last coordinator')); -- two who end each other take turns
    perform must(exists (select from person p where p.id <> new.id and is_office(p)), 'the last coordinator stays until there is another');
  end if;
  return new;
end
$$;
comment on function keep_coordinator() is 'Row trigger: while the group has a coordinator of its records, it keeps one who may invite others';

create function pass_affiliation() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update member set affiliation = new.affiliation where person_id = new.id and affiliation <> new.affiliation and state <> 'ended';
  return null;
end
$$;

create function begin_member() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  select p.affiliation into new.affiliation from person p where p.id = new.person_id and p.state <> 'ended' for share;
  perform must(found, 'there is no such person, or they have ended');
  return new;
end
$$;
comment on function begin_member() is 'Row trigger: a seat is for a person who has not ended, and shows their affiliation';

create function keep_ended() returns trigger
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(false, 'the seat has ended');
  return new;
end
$$;
comment on function keep_ended() is 'Row trigger: who sat in the group and how is history, and changes no more';

create function keep_term() returns trigger
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(new.term_to >= new.term_from, 'term.to is before term.from');
  return new;
end
$$;
comment on function keep_term() is 'Row trigger: tells the caller what the constraint of the same meaning would refuse without a word';

create function by_code() returns trigger
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(new.to_state <> 'active' or current_user = 'cpwg_owner', 'a person becomes active by the code of their invitation alone');
  return new;
end
$$;
comment on function by_code() is 'Row trigger: accept_invitation() makes people active, and nobody else';

create function end_with_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  update invitation set ended_at = clock_timestamp() where person_id = new.record_id and ended_at is null;
  insert into member_transition (id, record_id, to_state, reason)
  select gen_random_uuid(), m.id, 'ended', new.reason from member m where m.person_id = new.record_id and m.state <> 'ended';
  return null;
end
$$;
comment on function end_with_person() is 'Row trigger: with a person end their invitation and their seat';

create function begin_invitation() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform from person p where p.id = new.person_id for update; -- two invitations take turns, and an end waits
  perform must((select p.state = 'invited' from person p where p.id = new.person_id), 'only whoever is not active is invited');
  update invitation set ended_at = clock_timestamp() where person_id = new.person_id and ended_at is null;
  new.at         := clock_timestamp();
  new.expires_at := new.at + interval '14 days';
  new.by_subject := nullif(current_setting('cpwg.subject', true), '');
  return new;
end
$$;
comment on function begin_invitation() is 'Row trigger: an invitation holds for 14 days, and takes the place of the one before';

create function accept_invitation(code_hash text) returns void
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  caller constant text := nullif(current_setting('cpwg.subject', true), '');
  found_person constant uuid := (select   case when i.hash = code_hash and i.ended_at is null and i.expires_at > clock_timestamp() then i.person_id end
                                 from     invitation i
                                 where    i.hash >= code_hash -- a row is read whether the code is one or not: either takes as long
                                 order by i.hash
                                 limit    1);
begin
  perform must_find(found_person is not null and caller is not null);
  perform from person p where p.id = found_person for update;
  update invitation i
  set    ended_at = clock_timestamp()
  where  i.hash = code_hash
  and    i.ended_at is null
  and    i.expires_at > clock_timestamp();
  perform must_find(found); -- else it was used, replaced or ended meanwhile
  perform must(not exists (select from person p where p.subject = caller and p.id <> found_person),
               'whoever signs in so is another person of the group already');
  perform must(not exists (select from api_client c where c.id::text = caller), 'a system is nobody''s account');
  perform must((select current_setting('cpwg.affiliation', true) <> 'police' or p.affiliation = 'police' from person p where p.id = found_person),
               'whoever signs in with police affiliation has it in their record');
  perform must((select coalesce(p.subject, caller) = caller from person p where p.id = found_person),
               'this person signed in otherwise before: for another account a new person is invited');
  update person set subject = caller where id = found_person;
  insert into person_transition (id, record_id, to_state) values (gen_random_uuid(), found_person, 'active');
end
$$;
comment on function accept_invitation(text) is
  'For good (what was kept from an account, and who was of the police, must not fall away with another): binds the caller to the person whose code it is the hash of; not found (CW005), all the same, where it is wrong, used, replaced or expired';

create function keep_kind() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(current_setting('cpwg.role', true) is distinct from 'partner' and current_setting('cpwg.affiliation', true) is distinct from 'police',
               'that an organization is, or is not, of police or city is for a coordinator to say who is not of the police');
  perform must(not exists (select from person p where p.organization_id = new.id) and not exists (select from api_client c where c.organization_id = new.id),
               'people or systems were let in for what this organization is');
  return new;
end
$$;
comment on function keep_kind() is 'Row trigger: what people and systems may be was looked at by the kind of their organization, which therefore stays';

create trigger keep_kind before update of kind on organization for each row
when (old.kind <> new.kind and (old.kind in ('police_department', 'city_department') or new.kind in ('police_department', 'city_department')))
execute function keep_kind();

create function own_person()
returns table (id uuid, name text, language text, role text, affiliation text, organization uuid, state text)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select p.id, p.name, p.language, p.role, p.affiliation, p.organization_id, p.state
  from   person p
  where  p.subject = nullif(current_setting('cpwg.subject', true), '');
end;
comment on function own_person() is 'What the caller may read of their own record';

insert into publication (topic) values ('members');

create trigger keep before insert or update on person for each row execute function keep_person();
create trigger keep_coordinator before update on person for each row execute function keep_coordinator();
create trigger stamp before insert or update on person for each row execute function stamp();
create trigger pass_affiliation after update on person for each row execute function pass_affiliation();
create trigger by_code before insert on person_transition for each row execute function by_code();
create trigger make_transition before insert on person_transition for each row execute function make_transition('person', 'person_record');
create trigger end_with_person after insert on person_transition
for each row when (new.to_state = 'ended') execute function end_with_person();
create trigger begin before insert on invitation for each row execute function begin_invitation();
create trigger begin before insert on member for each row execute function begin_member();
create trigger keep_ended before update on member for each row when (old.state = 'ended') execute function keep_ended();
create trigger keep before insert or update on member for each row execute function keep_term();
create trigger stamp before insert or update on member for each row execute function stamp();
create trigger make_transition before insert on member_transition for each row execute function make_transition('member', 'member_record');
create trigger publish_insert after insert on member
for each row when (new.listed and new.state = 'seated') execute function publish('members');
create trigger publish_update after update on member
for each row when ((old.listed and old.state = 'seated') or (new.listed and new.state = 'seated')) execute function publish('members');
create trigger publish_delete after delete on member
for each row when (old.listed and old.state = 'seated') execute function publish('members');
create trigger publish_truncate after truncate on member
for each statement execute function publish('members');

create view person_record with (security_invoker) as
select id, name, email, language, role, affiliation, organization_id as organization, subject,
       (select i.expires_at from invitation i where i.person_id = p.id and i.ended_at is null) as invited_until, state,
       array_remove(coalesce(((select next from caller_next where record = 'person') ->> state)::text[], '{}'), 'active') as next,
       is_demo as demo, created_at, updated_at, revision as "_revision"
from   person p;
comment on view person_record is 'A person as the office sees them; active is reached by the code of an invitation alone, so nobody moves there';

create view member_record with (security_invoker) as
select id, person_id as person, display_name, seat_kind, affiliation, appointed_by, term_from as "term.from", term_to as "term.to",
       profile_es as "profile.es", profile_en as "profile.en", listed, state,
       coalesce(((select next from caller_next where record = 'member') ->> state)::text[], '{}') as next,
       is_demo as demo, created_at, updated_at, revision as "_revision"
from   member m;
comment on view member_record is 'A seat as the office sees it';

create view published_member with (security_invoker) as
select id, display_name, seat_kind, affiliation, term_from as "term.from", term_to as "term.to", profile_es as "profile.es",
       profile_en as "profile.en", is_demo as demo, updated_at, revision as "_revision"
from   member
where  listed
and    state = 'seated';
comment on view published_member is 'A seat as the public sees it: only these columns, only by consent';

commit;
