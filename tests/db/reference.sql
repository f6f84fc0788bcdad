-- reference: plan, value lists, lifecycles, neighborhoods and counters: everybody reads, nobody writes

select test.ok(test.count_as(role, 'select from ' || t) > 0, role || ' reads ' || t)
from   unnest('{publication,vocabulary,vocabulary_term,lifecycle,lifecycle_state,lifecycle_transition,lifecycle_next,neighborhood,plan_element}'::text[]) as t,
       unnest('{public,police_source,coordinator}'::text[]) as role;

select test.is(test.try_as('coordinator', 'delete from ' || t), '42501', 'coordinator deletes nothing of ' || t)
from   unnest('{publication,vocabulary,vocabulary_term,lifecycle,lifecycle_state,lifecycle_transition,lifecycle_next,neighborhood,plan_element}'::text[]) as t;

select test.is(test.try_as('coordinator', 'update publication set revision = 0'), '42501', 'coordinator sets no counter back');

select test.is(test.try_as(role, 'select from ' || t), '42501', role || ' does not read ' || t)
from   unnest('{deployment,idempotency_key}'::text[]) as t,
       unnest('{public,coordinator,auditor}'::text[]) as role;

select test.is(string_agg(kind || ' ' || n, ', ' order by kind),
               'area 4, goal 4, item 14, mission 1, section 3, strategy 18, value 5, vision 1', 'the plan has all its elements')
from   (select kind, count(*) as n from plan_element group by kind) as k;

select test.is(string_agg(code, ' ' order by sort_key), 'mission vision value-1 value-2 value-3 value-4 value-5 1 goal-1 1.1 '
               || '1.1.1 1.1.2 1.1.3 1.1.4 1.2 1.2.1 1.2.2 1.2.3 1.2.3.a 1.2.4 1.2.4.a 1.2.4.b 1.2.4.c 1.2.4.d 1.2.4.e 1.3 1.3.1 '
               || '1.3.1.a 1.3.1.b 1.3.1.c 2 goal-2 2.1 2.2 2.3 3 goal-3 3.1 3.2 3.2.a 3.3 3.3.a 3.3.b 4 goal-4 4.1 4.2 4.3 4.3.a 4.3.b',
               'the plan is in reading order')
from   plan_element;

select test.is(string_agg(text_es, ', ' order by sort_key), 'Integridad, coraje, respeto, compasión, intención', 'the values read as the plan has them')
from   plan_element where kind = 'value';

select test.ok(bool_and(boundary ->> 'type' = 'Polygon' and boundary #>> '{coordinates,0,0}' = boundary #>> '{coordinates,0,-1}'
                        and json_array_length(boundary #> '{coordinates,0}') >= 4), 'every outline is a closed ring')
from   neighborhood;

select test.ok(bool_and(twice_area > 0), 'every outline runs counterclockwise')
from   (select sum((p ->> 0)::numeric * (q ->> 1)::numeric - (q ->> 0)::numeric * (p ->> 1)::numeric) as twice_area
        from   neighborhood n,
               generate_series(0, json_array_length(n.boundary #> '{coordinates,0}') - 2) as i,
               lateral (select n.boundary #> array['coordinates', '0', i::text], n.boundary #> array['coordinates', '0', (i + 1)::text]) as x (p, q)
        group  by n.id) as ring;

select test.ok(count(*) = 16 and bool_and(boundary_status = 'approximate'), 'sixteen neighborhoods, all marked approximate')
from   neighborhood;

select test.ok(count(*) > 0 and bool_and(label_es <> '' and label_en <> ''), 'every term has a label in both languages')
from   vocabulary_term;

select test.is(count(*), 0::bigint, 'every lifecycle has one initial state')
from   (select record from lifecycle_state group by record having count(*) filter (where is_initial) <> 1) as l;

-- Counters: each list's own, once a transaction, and only by a change
select test.begin_anew();
create temporary table before on commit drop as table publication;
update plan_element set position = position where kind = 'mission';
select test.is(string_agg(p.topic || ' ' || p.revision - b.revision, ', '), 'plan 1', 'a change of the plan raises the counter of the plan alone')
from   publication p join before b using (topic) where p.revision <> b.revision;

-- The filters of the lists are served by indexes for the public, under row security
select test.ok(test.index_condition_as('public', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select from plan_element where kind = ''goal'' order by sort_key limit 51', 'kind ='),
               ('select from plan_element where parent_code = ''1'' order by sort_key limit 51', 'parent_code ='),
               ('select from plan_element where sort_key > ''4'' order by sort_key limit 51', 'sort_key >'),
               ('select from neighborhood where sector = ''sw'' order by code limit 51', 'sector ='),
               ('select from neighborhood where code > ''m'' order by code limit 51', 'code >')) as x (q, c);
