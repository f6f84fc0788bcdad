-- sources: an invented police system, with what its words mean here and where its districts lie. Those that somebody changed stay as they are
\set sources `cat seed/demo/sources.json`
insert into cpwg.source (code, organization_id, name_es, name_en, is_demo)
select s ->> 'code', (s ->> 'organization')::uuid, s #>> '{name,es}', s #>> '{name,en}', true
from   jsonb_array_elements(:'sources') as s
on conflict (code) do nothing;

insert into cpwg.source_category (source_code, value, category, version)
select s ->> 'code', lower(btrim(m.key)), m.value, s #>> '{categories,version}'
from   jsonb_array_elements(:'sources') as s, jsonb_each_text(s #> '{categories,mapping}') as m
on conflict (source_code, value) do nothing;

insert into cpwg.source_place (source_code, district, neighborhood_code, sector)
select s ->> 'code', lower(btrim(p ->> 'district')), p ->> 'neighborhood', p ->> 'sector'
from   jsonb_array_elements(:'sources') as s, jsonb_array_elements(s -> 'places') as p
on conflict (source_code, district) do nothing;

select pg_temp.assert_count('source where is_demo and code in (select s ->> ''code'' from jsonb_array_elements('
                            || quote_literal(:'sources') || ') as s)', jsonb_array_length(:'sources'));
