-- organizations: whom the group works with; their state moves only by organization_transition
begin;

set local role cpwg_owner;
set local search_path = cpwg;

-- Domains, whose checks a session parses once: those of a table are parsed again with every insert (a fifth of its cost here)
create domain organization_kind as text
check (value in ('community_organization', 'faith_organization', 'school', 'health_provider', 'business', 'city_department',
                 'police_department', 'media', 'other'));
create domain organization_name as text check (value <> '' and length(value) <= 160);
create domain organization_text as text check (length(value) <= 2000);

create table organization (
  id                uuid primary key,
  kind              organization_kind not null,
  name              organization_name collate "und-x-icu" not null,
  description_es    organization_text,
  description_en    organization_text,
  website           organization_text,
  contact_email     organization_text,
  languages         text[] not null default '{}',
  neighborhood_code text collate "C" constraint neighborhood references neighborhood (code) on update cascade,
  listed            boolean not null default false,
  state             text not null,
  is_demo           boolean not null default false,
  revision          bigint not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint description check ((description_es is null) = (description_en is null))
);
comment on column organization.listed is 'The organization consents to being shown to the public';
comment on column organization.contact_email is 'Private: never in what the public reads';

create index organization_updated           on organization (updated_at, id);
create index organization_kind              on organization (kind, updated_at, id);
create index organization_state             on organization (state, updated_at, id);
create index organization_neighborhood      on organization (neighborhood_code, updated_at, id);
-- With no more in their condition than sets most apart: each insert works it out anew
create index organization_listed            on organization (name, id) where listed;
create index organization_listed_kind       on organization (kind, name, id) where listed;
create index organization_listed_neighborhood on organization (neighborhood_code, name, id) where listed;

create table organization_transition (
  id             uuid primary key,
  record_id      uuid not null constraint organization references organization on delete cascade,
  from_state     text not null,
  to_state       text not null,
  reason         text check (length(reason) <= 2000),
  public_note_es text check (length(public_note_es) <= 2000),
  public_note_en text check (length(public_note_en) <= 2000),
  by_subject     text,
  by_role        text,
  at             timestamptz not null
);
create index organization_transition_record on organization_transition (record_id, at, id);
comment on table organization_transition is 'Who moved an organization from state to state, when and why. Append-only';

create trigger stamp before insert or update on organization
for each row execute function stamp();
-- A new one stands in the initial state, which the public sees; where it were another, a counter raised in vain harms nobody
create trigger publish_insert after insert on organization
for each row when (new.listed) execute function publish('organizations');
create trigger publish_update after update on organization
for each row when ((old.listed and old.state = 'active') or (new.listed and new.state = 'active')) execute function publish('organizations');
create trigger publish_delete after delete on organization
for each row when (old.listed and old.state = 'active') execute function publish('organizations');
create trigger publish_truncate after truncate on organization
for each statement execute function publish('organizations');
create trigger make_transition before insert on organization_transition
for each row execute function make_transition('organization', 'organization_record');

create view organization_record with (security_invoker) as
select id, kind, name, description_es as "description.es", description_en as "description.en", website, contact_email,
       languages, neighborhood_code as neighborhood, listed, state,
       coalesce(((select next from caller_next where record = 'organization') ->> state)::text[], '{}') as next,
       is_demo as demo, created_at, updated_at, revision as "_revision"
from   organization o;
comment on view organization_record is 'An organization as the group''s side sees it, members named as in the contract';

create view published_organization with (security_invoker) as
select id, kind, name, description_es as "description.es", description_en as "description.en", website,
       languages, neighborhood_code as neighborhood, is_demo as demo, updated_at, revision as "_revision"
from   organization
where  listed
and    state = 'active';
comment on view published_organization is 'An organization as the public sees it: only these columns, only by consent';

commit;
