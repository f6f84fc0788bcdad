-- notices: loads reference/notices.json. A version that is in force is never reworded: a new text is a new version
\set notices `cat seed/reference/notices.json`
insert into cpwg.notice (version, text_es, text_en, in_force_from)
select n ->> 'version', n ->> 'es', n ->> 'en', (n ->> 'in_force_from')::timestamptz
from   jsonb_array_elements(:'notices') as n
on conflict (version) do nothing;

select pg_temp.assert_count('notice where (version, text_es, text_en) in (select n ->> ''version'', n ->> ''es'', n ->> ''en'' from jsonb_array_elements('
                            || quote_literal(:'notices') || ') as n)', jsonb_array_length(:'notices'));
