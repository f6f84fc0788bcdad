-- vocabularies: loads reference/vocabularies.json. Terms that the file no longer has stay, retired: records may use them.
\set vocabularies `cat seed/reference/vocabularies.json`
create temporary table wanted_term on commit drop as
select v ->> 'code' as vocabulary, t ->> 'code' as code, n::int as position, t ->> 'es' as label_es, t ->> 'en' as label_en
from   jsonb_array_elements(:'vocabularies') as v,
       jsonb_array_elements(v -> 'terms') with ordinality as x (t, n);

insert into cpwg.vocabulary (code, description_es, description_en)
select v ->> 'code', v #>> '{description,es}', v #>> '{description,en}'
from   jsonb_array_elements(:'vocabularies') as v
on conflict (code) do update
set    description_es = excluded.description_es, description_en = excluded.description_en;

insert into cpwg.vocabulary_term (vocabulary, code, position, label_es, label_en)
select vocabulary, code, position, label_es, label_en
from   wanted_term
on conflict (vocabulary, code) do update
set    position = excluded.position, label_es = excluded.label_es, label_en = excluded.label_en, retired = false;

update cpwg.vocabulary_term t
set    retired = true, position = 1000 + t.position % 1000
where  not exists (select from wanted_term w where (w.vocabulary, w.code) = (t.vocabulary, t.code));

select pg_temp.assert_count('vocabulary', jsonb_array_length(:'vocabularies'));
select pg_temp.assert_count('vocabulary_term where not retired', (select count(*) from wanted_term));
