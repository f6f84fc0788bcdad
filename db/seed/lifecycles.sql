-- lifecycles: loads reference/lifecycles.json. States stay (records may stand in them); transitions are replaced.
\set lifecycles `cat seed/reference/lifecycles.json`
insert into cpwg.lifecycle (record, description_es, description_en)
select l ->> 'record', l #>> '{description,es}', l #>> '{description,en}'
from   jsonb_array_elements(:'lifecycles') as l
on conflict (record) do update
set    description_es = excluded.description_es, description_en = excluded.description_en;

-- Only those that change: no table is locked for a default that it has (derive_initial)
update cpwg.lifecycle_state as o
set    is_initial = false
where  o.is_initial
and    not exists (select from jsonb_array_elements(:'lifecycles') as l, jsonb_array_elements(l -> 'states') as s
                   where  l ->> 'record' = o.record and s ->> 'state' = o.state and (s ->> 'initial')::boolean);

insert into cpwg.lifecycle_state (record, state, position, label_es, label_en, is_initial)
select l ->> 'record', s ->> 'state', n, s ->> 'es', s ->> 'en', coalesce((s ->> 'initial')::boolean, false)
from   jsonb_array_elements(:'lifecycles') as l,
       jsonb_array_elements(l -> 'states') with ordinality as x (s, n)
on conflict (record, state) do update
set    position = excluded.position, label_es = excluded.label_es, label_en = excluded.label_en, is_initial = excluded.is_initial;

delete from cpwg.lifecycle_transition;

insert into cpwg.lifecycle_transition (record, from_state, to_state, position, roles, reason_required, clock_hours)
select l ->> 'record', t ->> 'from', t ->> 'to', n, array(select jsonb_array_elements_text(t -> 'roles')),
       (t ->> 'reason_required')::boolean, (t ->> 'clock_hours')::int
from   jsonb_array_elements(:'lifecycles') as l,
       jsonb_array_elements(l -> 'transitions') with ordinality as x (t, n);

select pg_temp.assert_count('lifecycle', jsonb_array_length(:'lifecycles'));
select pg_temp.assert_count('lifecycle_transition', (select sum(jsonb_array_length(l -> 'transitions'))
                                                     from   jsonb_array_elements(:'lifecycles') as l));
