-- suppression_classes: loads reference/suppression_classes.json: from which number on sums are shown
\set classes `cat seed/reference/suppression_classes.json`
insert into cpwg.suppression_class (code, k, least, description_es, description_en)
select c ->> 'code', (c ->> 'k')::int, (c ->> 'least')::int, c #>> '{description,es}', c #>> '{description,en}'
from   jsonb_array_elements(:'classes') as c
on conflict (code) do update
set    (k, least, description_es, description_en) = (excluded.k, excluded.least, excluded.description_es, excluded.description_en);

select pg_temp.assert_count('suppression_class', jsonb_array_length(:'classes'));
