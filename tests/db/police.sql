-- police: what sources send becomes records, row by row; nothing of another source is read or touched; counterparts; narratives
insert into source (code, name_es, name_en, is_demo) values ('a', 'A', 'A', true), ('b', 'B', 'B', false);
insert into source_category (source_code, value, category, version) values
  ('a', 'physical abuse', 'force', '2013'), ('a', 'verbal abuse', 'discourtesy', '2013'), ('b', 'golpes', 'force', '1');
insert into source_place (source_code, district, neighborhood_code, sector) values
  ('a', '1', 'southeast', null), ('a', '2', null, 'south'), ('a', 'unk', null, null), ('b', '1', 'west-end', null);

create function test.record(external_id text, more jsonb default '{}') returns jsonb
language sql as $$ select jsonb_build_object('external_id', external_id, 'received_on', '2026-02-11', 'category', 'force', 'status', 'open') || more $$;

-- As the service hands them over: those that fit, with their places and hashes.
create function test.fitting(variadic records jsonb[]) returns jsonb
language sql as $$
  select jsonb_agg(jsonb_build_object('index', n - 1, 'hash', md5(r::text), 'record', r)) from unnest(records) with ordinality as x (r, n)
$$;

create function test.as_source(source text, role text default 'police_source') returns void
language sql as $$ select set_config('cpwg.source', source, true); select test.become(role) $$;

-- What became of each row.
create function test.push(source text, records jsonb, refused jsonb default '[]') returns jsonb
language plpgsql as $$
declare
  new_id constant uuid := gen_random_uuid();
  answer jsonb;
begin
  perform test.as_source(source);
  perform push_police_records(new_id, records, refused, 'en');
  select results into answer from police_batch_whole where id = new_id;
  perform set_config('role', 'none', true);
  return answer;
end
$$;

create function test.became(answer jsonb) returns text
language sql as $$ select string_agg(r ->> 'result' || coalesce(' ' || (r #>> '{errors,0,pointer}') || ' ' || (r #>> '{errors,0,keyword}'), ''), ', ' order by n)
                   from   jsonb_array_elements(answer) with ordinality as x (r, n) $$;

-- Rows that a statement touches for a source; how it ends.
create function test.touched_by(source text, statement text) returns bigint
language plpgsql as $$ begin perform set_config('cpwg.source', source, true); return test.touched_as('police_source', statement); end $$;
create function test.seen_by(source text, query text) returns bigint
language plpgsql as $$ begin perform set_config('cpwg.source', source, true); return test.count_as('police_source', query); end $$;
create function test.tried_by(source text, statement text) returns text
language plpgsql as $$ begin perform set_config('cpwg.source', source, true); return test.try_as('police_source', statement); end $$;

-- A record in full
create table test.whole as
select test.record('26-1', '{"category": " Physical ABUSE", "district": " 1", "occurred_on": "2026-02-09", "status": "closed", "closed_on": "2026-06-30", "narrative": "\\x6162",
  "complainants": [{"race": ["black", "white"], "sex": "female", "age_band": "25_34", "how_known": "recorded"}, {}],
  "allegations": [{"category": "Verbal Abuse", "finding": "sustained", "finding_status": "final", "decided_by": "police", "outcome": "discipline", "officer_race": ["white"], "officer_sex": "male"},
                  {"category": "force"}, {"category": "force"}, {}]}') as r;

select test.is(test.became(test.push('a', test.fitting(r))), 'created', 'a new record is created') from test.whole;
select test.is(row(source, category, category_sent, district, neighborhood, sector, status, closed_on, occurred_on, complainants_count, allegations_count, demo, _revision)::text,
               '(a,force," Physical ABUSE"," 1",southeast,,closed,2026-06-30,2026-02-09,2,4,t,1)', 'our category and place stand beside the source''s own words; it is a demo where its source is')
from   police_record_row where external_id = '26-1';
select test.is(complainants, '[{"race": ["black", "white"], "sex": "female", "age_band": "25_34", "how_known": "recorded"}, {"race": []}]', 'every complainant is kept, in order, what is not known absent')
from   police_record_whole where external_id = '26-1';
select test.is(jsonb_path_query_array(allegations, '$[*].category'), '["discourtesy", "force", "force"]', 'the same allegation twice is two, each of our categories')
from   police_record_whole where external_id = '26-1';
select test.is(allegations -> 0, '{"category": "discourtesy", "category_sent": "Verbal Abuse", "finding": "sustained", "finding_status": "final", "decided_by": "police", "outcome": "discipline", "officer_race": ["white"], "officer_sex": "male"}', 'all of an allegation is kept')
from   police_record_whole where external_id = '26-1';
select test.is(jsonb_array_length(allegations), 4, 'an allegation that is not classified yet is kept') from police_record_whole where external_id = '26-1';
select test.is(convert_from(narrative, 'UTF8') || p.source_code, 'aba', 'the narrative is kept apart') from police_record_private p join police_record r on r.id = record_id where external_id = '26-1';

-- Again, and corrected
create table test.before as select xmin::text as x, revision, updated_at from police_record where external_id = '26-1';
select test.is(test.became(test.push('a', test.fitting(r))), 'unchanged', 'the same again is unchanged') from test.whole;
select test.ok(p.xmin::text = b.x and p.revision = b.revision and p.updated_at = b.updated_at, 'an unchanged row is not touched') from police_record p, test.before b where external_id = '26-1';
select test.is(test.became(test.push('a', test.fitting(test.record('26-1', '{"allegations": [{"category": "force"}]}')))), 'updated', 'a record that differs is updated');
select test.is(row(revision, complainants, allegations, neighborhood_code, occurred_on, category_sent)::text, '(2,0,1,,,force)', 'it is as it was sent last') from police_record where external_id = '26-1';
select test.is((select count(*) from police_record_complainant c where c.record_id = p.id) || ' ' || (select count(*) from police_record_allegation a where a.record_id = p.id)
               || ' ' || (select count(*) from police_record_private a where a.record_id = p.id), '0 1 0', 'sets of children are replaced as a whole, the narrative too')
from   police_record p where external_id = '26-1';

-- All that can become of a row, in one call
create table test.all_sorts as
select jsonb_path_query_array(test.push('a', test.fitting(test.record('26-30'), test.record('26-31'), test.record('26-32'))), '$[*].id') as ids;
select test.touched_by('a', $$update police_record set withdrawn_as = 'error' where external_id = '26-32'$$);
create table test.mixed as
select test.push('a', jsonb_path_query_array(test.fitting(test.record('26-30'), '{}', test.record('26-31', '{"status": "closed"}'), test.record('26-32'), test.record('26-30', '{"status": "closed"}'),
                                                          test.record('26-33', '{"category": "W"}'), '{}', '{}', '{}', '{}', test.record('26-34'), test.record('26-34')), '$[*] ? (@.record.external_id != "")'),
                 (select jsonb_agg(jsonb_build_object('index', n, 'errors', '[]'::jsonb)) from unnest('{9,8,7,6,1}'::int[]) as n)) as answer;
select test.is(test.became(answer), 'unchanged, refused, updated, refused /external_id withdrawn, refused /external_id duplicate, refused /category reference, refused, refused, refused, refused, created, refused /external_id duplicate',
               'each row is judged by itself: one that stands twice is judged where it stands first, changed or not') from test.mixed;
select test.is(jsonb_path_query_array(answer, '$[*].index'), '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]', 'rows are answered in the order of what was sent, ten and more of them') from test.mixed;
select test.is(jsonb_path_query_array(answer, '$[*].external_id'), '["26-30", null, "26-31", "26-32", "26-30", "26-33", null, null, null, null, "26-34", "26-34"]', 'with their external ids, where they fit the contract') from test.mixed;
select test.is(jsonb_path_query_array(answer, '$[*].id'), jsonb_build_array(ids -> 0, null, ids -> 1, null, null, null, null, null, null, null, r.id, null), 'and the ids under which they are kept')
from   test.mixed, test.all_sorts, police_record r where r.external_id = '26-34';
select test.is(string_agg(external_id || ' ' || coalesce(status, '-') || ' ' || revision, ', ' order by external_id), '26-30 open 1, 26-31 closed 2, 26-32 - 2, 26-34 open 1', 'what is refused or the same is not stored')
from   police_record where external_id like '26-3_';
select test.is(row(received, created, updated, unchanged, refused)::text, '(12,1,1,1,9)', 'and the call counts them') from police_batch where received = 12;

-- What only the tables know, row by row
select test.is(test.became(test.push('a', jsonb_build_array(
    jsonb_build_object('index', 1, 'hash', '1', 'record', test.record('26-2', '{"district": "UNK"}')),
    jsonb_build_object('index', 3, 'hash', '2', 'record', test.record('26-3', '{"category": "Golpes"}')),
    jsonb_build_object('index', 4, 'hash', '3', 'record', test.record('26-2')),
    jsonb_build_object('index', 5, 'hash', '4', 'record', test.record('26-4', '{"district": "2", "category": "FORCE"}'))),
    '[{"index": 0, "errors": [{"pointer": "/complainants/0/initials", "keyword": "unknown", "detail": "-"}]}, {"index": 2, "errors": []}]')),
  'refused /complainants/0/initials unknown, created, refused, refused /category reference, refused /external_id duplicate, created',
  'every row is answered in its place, and one that is refused hurts no other');
select test.is(string_agg(external_id || ' ' || category || ' ' || coalesce(neighborhood_code, '-') || ' ' || coalesce(sector, '-'), ', ' order by external_id), '26-2 force - -, 26-4 force - south',
               'a district that lies in a sector, or nowhere, is kept') from police_record where external_id in ('26-2', '26-4');
select test.is(row(received, created, updated, unchanged, refused, by_subject)::text, '(6,2,0,0,4,someone)', 'the call counts what became of its rows') from police_batch_row where received = 6;

select test.is(test.became(test.push('a', test.fitting(test.record('26-9', more)))), 'refused ' || fault, 'refused: ' || more::text)
from   (values ('{"category": "Something Else"}'::jsonb, '/category reference'),
               ('{"allegations": [{"category": "force"}, {"category": "W"}]}', '/allegations/1/category reference'),
               ('{"district": "3"}', '/district reference'),
               ('{"received_on": "2099-01-01"}', '/received_on conflict'),
               ('{"occurred_on": "2026-02-12"}', '/occurred_on conflict'),
               ('{"status": "closed", "closed_on": "2026-02-10"}', '/closed_on conflict'),
               ('{"status": "closed", "closed_on": "2099-02-10"}', '/closed_on conflict'),
               ('{"closed_on": "2026-02-12"}', '/closed_on conflict')) as x (more, fault);
select test.is(count(*), 0::bigint, 'nothing is left of what is refused') from police_record where external_id in ('26-3', '26-9');
select test.is(jsonb_array_length(test.push('a', test.fitting(test.record('26-9', '{"category": "Zzz", "district": "Zzz", "received_on": "2099-12-31"}'))) #> '{0,errors}'), 3, 'every fault of a row is told');
select test.is(count(*), 0::bigint, 'no answer has a value in it') from police_batch where results::text ~* 'zzz|2099|something|golpes';
select test.is(count(*), 0::bigint, 'every code of ours means itself, for every source')
from   vocabulary_term t where vocabulary = 'allegation_category' and not retired
and    test.became(test.push('b', test.fitting(test.record(t.code, jsonb_build_object('category', t.code))))) <> 'created';
select test.is(judge.errors #>> '{0,detail}', 'No es un distrito de esta fuente.', 'faults are told in Spanish, too')
from   (select test.as_source('a')) as s, lateral (select errors from judge_police_records(test.fitting(test.record('26-9', '{"district": "9"}')), 'es') where s is not null) as judge;
set local role none;

-- Nothing of another source
select test.is(test.became(test.push('b', test.fitting(test.record('26-1')))), 'created', 'the same id of another source is another record');
select test.is(count(*), 2::bigint, 'each source has its own') from police_record where external_id = '26-1';
select test.is(test.push('b', test.fitting(test.record('26-2', '{"category": "physical abuse"}'))) #>> '{0,errors,0,pointer}', '/category', 'another source''s words mean nothing here');
select test.is(test.push('b', test.fitting(test.record('26-2', '{"district": "2"}'))) #>> '{0,errors,0,pointer}', '/district', 'nor do its districts');
select test.is(test.push('a', test.fitting(test.record('26-1', '{"narrative": "\\x63", "complainants": [{}], "allegations": [{}]}'))) #>> '{0,result}', 'updated', 'a source corrects its own record');
select test.is(test.seen_by('b', 'select * from ' || t || ' where ' || c || ' <> ''b'''), 0::bigint, 'a source sees nothing of another''s ' || t)
from   (values ('police_record', 'source_code'), ('police_record_row', 'source'), ('police_record_whole', 'source'), ('police_record_complainant', 'source_code'),
               ('police_record_allegation', 'source_code'), ('police_batch', 'source_code'), ('police_batch_row', 'source'), ('police_batch_whole', 'source'),
               ('source', 'code'), ('source_category', 'source_code'), ('source_place', 'source_code')) as x (t, c);
select test.ok(test.seen_by('a', 'select * from ' || t) > 0, 'a source sees its own ' || t)
from   unnest('{police_record,police_record_row,police_record_whole,police_record_complainant,police_record_allegation,police_batch,police_batch_row,police_batch_whole,source,source_category,source_place}'::text[]) as t;
select test.is(test.seen_by('', 'select id from police_record'), 0::bigint, 'a token without a source sees none');
select test.is(test.seen_by('b', 'select record_id from police_record_private'), 0::bigint, 'a source has no narrative of another''s');
select test.is(test.touched_by('b', 'delete from ' || t || ' where source_code = ''a'''), 0::bigint, 'a source deletes nothing of another''s ' || t)
from   unnest('{police_record_private,police_record_complainant,police_record_allegation}'::text[]) as t;
select test.is(test.touched_by('b', 'update police_record set status = ''closed'' where source_code = ''a'''), 0::bigint, 'a source changes no record of another''s');
select test.is(test.tried_by('b', 'insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, body_hash) values (gen_random_uuid(), ''a'', ''x'', ''2026-01-01'', ''force'', ''force'', ''open'', ''x'')'), '42501', 'a source adds no record to another');
select test.is(test.tried_by('b', format('insert into %s (record_id, source_code, %s) select id, ''a'', %s from police_record limit 1', t, c, v)), '42501', 'a source adds nothing to another''s ' || t)
from   (values ('police_record_private', 'narrative', '''\x00'''), ('police_record_complainant', 'ordinal', '50'), ('police_record_allegation', 'ordinal', '100')) as x (t, c, v);
select test.is(test.tried_by('b', 'insert into police_batch (id, source_code, received, created, updated, unchanged, refused, results) values (gen_random_uuid(), ''a'', 0, 0, 0, 0, 0, ''[]'')'), '42501', 'a source answers no call of another');
select test.is(test.tried_by(s, $$select push_police_records(gen_random_uuid(), '[]', '[]', 'en')$$), 'CW008 the token names no source that is known here', 'no push without a source: ' || s)
from   unnest('{"",nobody}'::text[]) as s;
select test.is(test.tried_by('a', 'select narrative from police_record_private'), '42501', 'a source does not get its narratives back');
select test.is(test.tried_by('a', s), '42501', 'a source does not: ' || s)
from   unnest(array['update police_record set is_demo = false', 'update police_record set source_code = ''a''', 'update police_record set withdrawn_at = now()', 'delete from police_record', 'update police_batch set refused = 0',
                    'delete from police_batch', 'update source set name_en = ''x''', 'insert into source_place values (''a'', ''9'')', 'insert into source_category (source_code, value, category, version) values (''a'', ''w'', ''force'', ''1'')',
                    'update police_record_allegation set category = ''force''', 'update police_record_complainant set sex = ''male''', 'update police_record_private set narrative = ''\x00''',
                    'select * from counterpart', 'select * from counterpart_record', 'select * from complaint']) as s;
select test.is(test.try_as(role, $$select push_police_records(gen_random_uuid(), '[]', '[]', 'en')$$), '42501', role || ' pushes nothing')
from   unnest('{public,resident,member,police_staff,case_handler,coordinator,auditor,city,partner,case}'::text[]) as role;
select test.is(test.tried_by('a', 'select horizon(), caller_source(), plain_word(''x''), city_time(now()), (select count(*) from police_records_of(''{}'')), store_police_records(''{}''), empty_police_records(''{}'')'), 'fine', 'a source may call what a push calls');

-- Who else reads
select test.ok(test.count_as(role, 'select * from ' || t) > 0, role || ' reads ' || t)
from   unnest('{coordinator,auditor,case_handler}'::text[]) as role, unnest('{source,police_record,police_record_row,police_record_whole,police_record_complainant,police_record_allegation}'::text[]) as t;
select test.ok(test.count_as(role, 'select * from ' || t) > 0, role || ' reads ' || t)
from   unnest('{coordinator,auditor,case_handler}'::text[]) as role, unnest('{police_batch,police_batch_row,police_batch_whole}'::text[]) as t;
select test.is(test.try_as(role, 'select * from ' || t), '42501', role || ' does not read ' || t)
from   unnest('{public,resident,member,police_staff,publisher,city,partner,council,case}'::text[]) as role,
       unnest('{source,source_category,source_place,police_record,police_record_private,police_record_complainant,police_record_allegation,police_batch,counterpart}'::text[]) as t;
select test.is(test.try_as(role, s), '42501', role || ' does not: ' || s)
from   unnest('{coordinator,auditor,case_handler}'::text[]) as role,
       unnest('{"update police_record set status = ''closed''","delete from police_record_allegation","delete from police_batch","insert into source values (''c'', null, ''c'', ''c'')"}'::text[]) as s;

-- Counterparts
select test.file_complaint(n) from generate_series(1, 4) as n;
select test.assign(1, 'handler'), test.assign(2, 'handler'), test.assign(3, 'recused', true), test.assign(4, 'boss');
create function test.of_a(id text) returns uuid language sql as $$ select id from cpwg.police_record where source_code = 'a' and external_id = $1 $$;
create function test.confirm(n int, complaint int, external_id text) returns text
language sql as $$ select format('insert into counterpart (id, complaint_id, police_record_id) values (%L, %L, %L)', test.id(n), test.id(complaint), test.of_a(external_id)) $$;

select test.is(test.try_as('case_handler:other:city', test.confirm(11, 1, '26-1')), '42501', 'who is not assigned confirms nothing');
select test.is(test.try_as('coordinator:someone:city', test.confirm(11, 1, '26-1')), '42501', 'nor does a coordinator who is not assigned');
select test.is(test.try_as('case_handler:recused:city', test.confirm(11, 3, '26-4')), '42501', 'nor who is recused');
select test.is(test.try_as('auditor:handler:city', test.confirm(11, 1, '26-1')), '42501', 'nor an auditor');
delete from counterpart; -- so that the rest can be asked even where a policy let one in
select test.is(test.try_as('case_handler:handler:city', test.confirm(11, 1, '26-1')), 'fine', 'who is assigned confirms');
select test.is(test.try_as('coordinator:boss:city', test.confirm(14, 4, '26-2')), 'fine', 'a coordinator who is assigned confirms');
select test.is(row(by_subject, at > now())::text, '(handler,t)', 'who confirmed it and when is kept') from counterpart where id = test.id(11);
select test.is(test.try_as('case_handler:handler:city', test.confirm(12, 1, '26-4')), '23505', 'a complaint has one counterpart');
select test.is(test.try_as('case_handler:handler:city', test.confirm(12, 2, '26-1')), 'CW009', 'a police record has one, and nobody learns of whom');
select test.is(test.try_as('coordinator:someone:city', test.confirm(12, 2, '26-1')), '42501', 'who is not assigned does not even learn that');
select test.is(test.count_as(role, 'select * from counterpart_record where id = ''' || test.id(11) || ''''), n, role || ' sees ' || n || ' counterpart')
from   (values ('coordinator:someone:city', 1::bigint), ('auditor:someone:city', 1), ('coordinator:someone:police', 0), ('auditor:someone:police', 0), ('case_handler:handler:police', 0), ('coordinator:someone', 0), ('case_handler:handler:city', 1), ('case_handler:other:city', 0), ('case_handler:boss:city', 0)) as x (role, n);
insert into counterpart (id, complaint_id, police_record_id) values (test.id(13), test.id(3), test.of_a('26-4'));
insert into recusal (id, complaint_id, subject, reason) values (test.id(33), test.id(3), 'look', 'x');
select test.is(test.count_as(role, 'select * from counterpart where id = ''' || test.id(13) || ''''), 0::bigint, role || ' sees no counterpart') from unnest('{case_handler:recused:city,coordinator:recused:city,auditor:look:city}'::text[]) as role;
select test.is(test.touched_as(role, 'delete from counterpart where id = ''' || test.id(13) || ''''), 0::bigint, role || ' takes no counterpart back')
from   unnest('{coordinator:handler:city,case_handler:handler:city,case_handler:recused:city,coordinator:recused:city}'::text[]) as role;
select test.is(test.touched_as(role, 'delete from counterpart where id = ''' || test.id(11) || ''''), 0::bigint, role || ' takes no counterpart back')
from   unnest('{coordinator:handler:police,case_handler:handler:police}'::text[]) as role;
select test.is(test.try_as(role, test.confirm(12, 2, '26-4')), '42501', role || ' confirms none')
from   unnest('{coordinator:handler:police,case_handler:handler:police,coordinator:boss:police}'::text[]) as role;
select test.is(test.try_as('auditor:handler:city', 'delete from counterpart'), '42501', 'an auditor takes none back');
select test.is(test.try_as('case_handler:handler:city', 'update counterpart set police_record_id = id'), '42501', 'nobody changes one');

-- Narratives
insert into police_record_private (record_id, source_code, narrative) values (test.of_a('26-2'), 'a', '\x62'), (test.of_a('26-4'), 'a', '\x63');
select test.is(test.count_as(role, 'select narrative from police_record_private'), n, role || ' reads ' || n || ' narratives')
from   (values ('case_handler:handler:city', 1::bigint), ('coordinator:boss:city', 1), ('case_handler:other:city', 0), ('coordinator:someone:city', 0), ('case_handler:recused:city', 0),
               ('case_handler:handler:police', 0), ('coordinator:boss:police', 0), ('case_handler:handler', 0)) as x (role, n);
select test.is(test.try_as(role, 'select counterparts_of_caller()'), 'fine', role || ' may ask whose counterparts are theirs') from unnest('{coordinator,case_handler}'::text[]) as role;
select test.is(test.try_as('auditor', 'select narrative from police_record_private'), '42501', 'an auditor reads no narrative');
select test.is(test.touched_as('case_handler:handler:city', 'delete from counterpart where id = ''' || test.id(11) || ''''), 1::bigint, 'who is assigned takes a counterpart back');
select test.is(test.touched_as('coordinator:boss:city', 'delete from counterpart where id = ''' || test.id(14) || ''''), 1::bigint, 'a coordinator who is assigned, too');
select test.is(test.count_as('case_handler:handler:city', 'select narrative from police_record_private'), 0::bigint, 'and reads the narrative no more');

-- Withdrawing
select test.is(test.touched_by('b', 'update police_record set withdrawn_as = ''error'' where external_id = ''26-4'''), 0::bigint, 'a source withdraws no record of another''s');
select test.is(test.touched_by('a', 'update police_record set withdrawn_as = ''expunged'' where external_id = ''26-4'''), 1::bigint, 'a source withdraws its own record');
select test.is(num_nonnulls(received_on, category, category_sent, district, sector, status, body_hash) || ' ' || (withdrawn_at > now()) || ' ' || revision, '0 true 2', 'nothing but id and reason stays of it')
from   police_record where external_id = '26-4';
select test.is(count(*), 0::bigint, 'its narrative is gone, and whose counterpart it was')
from   (select from police_record_private where record_id = test.of_a('26-4') union all select from counterpart where police_record_id = test.of_a('26-4')) as x;
select test.is(test.count_as('coordinator:someone:city', 'select * from counterpart_record where complaint_id = ''' || test.id(3) || ''''), 0::bigint, 'nobody sees it as one any more');
insert into counterpart (id, complaint_id, police_record_id) values (test.id(15), test.id(3), test.of_a('26-2'))
returning test.is(police_record_id, test.of_a('26-2'), 'its complaint may have another one');
select test.is(test.touched_by('a', 'update police_record set withdrawn_as = ''error'' where external_id = ''26-1'''), 1::bigint, 'with children, too');
select test.is(count(*), 0::bigint, 'its children are gone')
from   (select from police_record_complainant where record_id = test.of_a('26-1') union all select from police_record_allegation where record_id = test.of_a('26-1')) as x;
select test.is(test.became(test.push('a', test.fitting(test.record('26-4')))), 'refused /external_id withdrawn', 'it does not come back');
select test.is(test.tried_by('a', 'update police_record set withdrawn_as = null where external_id = ''26-4'''), 'CW008 the record was withdrawn, and changes no more', 'nor is it changed');
select test.is(test.try_as('case_handler:handler:city', test.confirm(12, 2, '26-4')), 'CW009', 'nor does it become a counterpart, refused as any other');
select test.is(test.tried_by('a', 'update police_record set withdrawn_as = ''whim'' where external_id = ''26-2'''), '23514', 'a reason is one of three');

-- Indexes
insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, body_hash, neighborhood_code)
select gen_random_uuid(), 'a', 'i' || n, '2026-01-01', 'other', 'other', 'closed', 'x', 'west-end' from generate_series(1, 400) as n;
insert into police_batch (id, source_code, received, created, updated, unchanged, refused, results)
select gen_random_uuid(), 'a', 0, 0, 0, 0, 0, '[]' from generate_series(1, 400);
analyze police_record, police_batch;
select test.ok(test.index_condition_as('auditor', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from police_record_row where source = ''b'' order by updated_at, id limit 51', 'source_code ='),
               ('select * from police_record_row where category = ''force'' order by updated_at, id limit 51', 'category ='),
               ('select * from police_record_row where status = ''open'' order by updated_at, id limit 51', 'status ='),
               ('select * from police_record_row where neighborhood = ''southeast'' order by updated_at, id limit 51', 'neighborhood_code ='),
               ('select * from police_batch_row where source = ''b'' order by at, id limit 51', 'source_code =')) as x (q, c);
