-- plan: loads plan/plan.json. Elements that the file no longer has go; sort_key is made from kinds and positions.
\set plan `cat seed/plan/plan.json`
create temporary table wanted on commit drop as
with recursive given as (
  select code, kind, parent, position, es, en, en_status,
         (array_position('{mission,vision,value,area,goal,section,strategy,item}', kind) || to_char(position, 'FM000'))
           collate "C" as step
  from   jsonb_to_recordset(:'plan') as x (code text, kind text, parent text, position int, es text, en text, en_status text)
), placed as (
  select g.*, g.step as sort_key from given g where parent is null
  union all
  select g.*, p.sort_key || '.' || g.step from given g join placed p on g.parent = p.code
)
select code, kind, parent, position, sort_key, es, en, en_status from placed;

delete from cpwg.plan_element where code not in (select code from wanted);

insert into cpwg.plan_element as e (code, kind, parent_code, position, sort_key, text_es, text_en, en_status)
select code, kind, parent, position, sort_key, es, en, en_status
from   wanted
on conflict (code) do update
set    (kind, parent_code, position, sort_key, text_es, text_en, en_status) =
       (excluded.kind, excluded.parent_code, excluded.position, excluded.sort_key, excluded.text_es, excluded.text_en,
        excluded.en_status)
where  (e.kind, e.parent_code, e.position, e.sort_key, e.text_es, e.text_en, e.en_status) is distinct from
       (excluded.kind, excluded.parent_code, excluded.position, excluded.sort_key, excluded.text_es, excluded.text_en,
        excluded.en_status);

select pg_temp.assert_count('plan_element', jsonb_array_length(:'plan'));
