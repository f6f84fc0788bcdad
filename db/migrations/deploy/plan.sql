-- plan: the strategic plan, element by element, in both languages
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table plan_element (
  code        text collate "C" primary key,
  kind        text not null check (kind in ('mission', 'vision', 'value', 'area', 'goal', 'section', 'strategy', 'item')),
  parent_code text collate "C" constraint parent references plan_element deferrable initially deferred,
  position    int  not null check (position > 0),
  sort_key    text collate "C" not null unique deferrable initially deferred,
  text_es     text not null,
  text_en     text not null,
  en_status   text not null check (en_status in ('translation', 'original'))
);
create index plan_element_kind   on plan_element (kind, sort_key);
create index plan_element_parent on plan_element (parent_code, sort_key);
comment on column plan_element.sort_key is 'Reading order: the path of kinds and positions from the root; made when the plan is loaded';

create trigger publish after insert or update or delete or truncate on plan_element
for each statement execute function publish('plan');

commit;
