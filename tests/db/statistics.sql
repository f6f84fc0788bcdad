-- statistics: what is counted, and when; who may ask; what is shown of it

-- A complaint is counted once, under its first allegation, as it stands
create function test.file(n int, at timestamptz, neighborhood text default null, categories text[] default '{}') returns void
language sql as $$
  insert into complaint (id, kind, language, notice_version, neighborhood_code, received_at) values (test.id(n), 'complaint', 'es', '2026-01', neighborhood, at);
  insert into allegation (complaint_id, category) select test.id(n), c from unnest(categories) as c;
$$;
select test.file(1, '2010-03-31 23:30:00-04', 'southeast', '{force,discourtesy}');
select test.is(row(received_on, quarter, category, neighborhood_code, state, state_on, decided_on)::text, '(2010-03-31,8040,force,southeast,received,2010-03-31,)', 'a complaint is counted on its day in the city, by its first allegation')
from   complaint_fact where complaint_id = test.id(1);
delete from allegation where complaint_id = test.id(1) and category = 'force';
select test.is(category, 'discourtesy', 'by the next when that is gone') from complaint_fact where complaint_id = test.id(1);
update allegation set category = 'drugs' where complaint_id = test.id(1);
update complaint set neighborhood_code = 'west-end', received_at = '2010-04-01 00:30:00-04', state = 'decided' where id = test.id(1);
select test.is(row(quarter, category, neighborhood_code, state, decided_on = city_time(now())::date)::text, '(8041,drugs,west-end,decided,t)', 'what changes is counted anew') from complaint_fact where complaint_id = test.id(1);
update complaint set kind = 'issue' where id = test.id(1);
select test.is(count(*), 0::bigint, 'what is no complaint is not counted') from complaint_fact where complaint_id = test.id(1);
update complaint set kind = 'complaint' where id = test.id(1);
select test.is(count(*), 1::bigint, 'what becomes one is') from complaint_fact where complaint_id = test.id(1);
delete from complaint where id = test.id(1);

-- Fourteen in a quarter of 2010, two of 2011
select test.file(n, '2010-05-01 12:00:00-04', case when n < 23 then 'southeast' else 'west-end' end, array[case when n < 14 then 'force' else 'drugs' end]) from generate_series(11, 24) as n;
select test.file(n, '2011-05-01 12:00:00-04', 'southeast', '{force}') from generate_series(25, 26) as n;
update complaint_fact set state = 'closed', state_on = '2010-08-01', decided_on = received_on + 10 where complaint_id between test.id(11) and test.id(21);
create function test.sums(series text, split text) returns text
language sql as $$
  select string_agg(concat_ws(' ', coalesce(value, '-'), period, n, median_days, status, case when split = 'neighborhood' then place_rung end), ', ' order by place_in_list)
  from   complaint_statistics(series, split)
  where  (period like '2009%' or period like '2010%' or period like '2011%') and n > 0
$$;
select test.is(test.sums('filed', 'none'), '- 2010 14 10.0 final, - 2010-Q2 14 10.0 final, - 2011 2 final', 'years are always shown, quarters where none has few, medians of enough');
select test.is(test.sums('filed', 'neighborhood'), '- 2009/2011 16 10.0 final city', 'two neighborhoods of which one has few are shown together');
select test.is(test.sums('filed', 'category'), '- 2009/2011 16 10.0 final', 'so are categories');
select test.is(test.sums('filed', 'state'), '- 2009/2011 16 10.0 final', 'so are states');
select test.file(n, '2010-05-02 12:00:00-04', 'west-end', '{drugs}') from generate_series(31, 40) as n;
select test.file(n, '2011-05-02 12:00:00-04', 'southeast', '{drugs}') from generate_series(41, 50) as n;
select test.is(test.sums('filed', 'neighborhood'), 'southeast 2010-Q2 12 10.0 final neighborhood, west-end 2010-Q2 12 final neighborhood, southeast 2011-Q2 12 final neighborhood', 'where none has few, each is shown by quarter');
update neighborhood set sector = 'south' where code in ('southeast', 'sunnyside');
update complaint_fact set neighborhood_code = null where complaint_id between test.id(11) and test.id(22);
update complaint_fact set neighborhood_code = 'sunnyside' where complaint_id between test.id(41) and test.id(44);
select test.is(test.sums('filed', 'neighborhood'), 'west-end 2010-Q2 12 final neighborhood, - 2010-Q2 12 10.0 final city, south 2011-Q2 12 final sector', 'neighborhoods with few are shown as the rest of their sector, what has no place as that of the city');

-- The running quarter
select test.file(n, date_trunc('quarter', now()) - interval '100 days', 'west-end', '{force}') from generate_series(101, 120) as n;
create table test.shown as select * from complaint_statistics('filed', 'state');
select test.file(n, now(), 'west-end', '{force}') from generate_series(121, 140) as n;
update complaint set state = 'triage' where id between test.id(101) and test.id(120);
select test.is((select count(*) from (table test.shown except select * from complaint_statistics('filed', 'state')) as x), 0::bigint, 'nobody watches complaints come in, or move: the running quarter is not counted');
update complaint_fact set state_on = state_on - 200 where complaint_id between test.id(101) and test.id(120);
select test.ok((select count(*) from (table test.shown except select * from complaint_statistics('filed', 'state')) as x) > 0, 'a move before it is counted');

-- What the police sent; what is both
insert into source (code, name_es, name_en) values ('p', 'P', 'P');
insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, closed_on, body_hash)
select test.id(1000 + n), 'p', n, '2010-02-01', 'force', 'force', 'closed', '2010-02-08', 'x' from generate_series(1, 13) as n;
select test.is(test.sums('reported', 'category'), 'force 2010-Q1 13 7.0 final', 'police records are a series of their own');
select test.is(test.sums('reported', 'state'), 'closed 2010-Q1 13 7.0 final', 'with states of their own');
update police_record set withdrawn_as = 'error' where id = test.id(1001);
select test.is(test.sums('reported', 'category'), 'force 2010-Q1 12 7.0 final', 'a withdrawn one is not counted');
select test.is(test.sums('matched', 'none'), null, 'what nobody confirmed is not matched');
insert into counterpart (id, complaint_id, police_record_id) select test.id(2000 + n), test.id(29 + n), test.id(1000 + n) from generate_series(2, 11) as n;
select test.is(test.sums('matched', 'none'), '- 2010 10 final', 'matched are complaints with a counterpart; few by year alone');
select test.is(test.sums(null, 'none'), test.sums('filed', 'none') || ', ' || test.sums('reported', 'none') || ', ' || test.sums('matched', 'none'), 'no series named: all of them');
select test.is(test.sums('filed', null), test.sums('filed', 'none'), 'nothing to split by: not split');

-- Who may ask
select test.ok(test.count_as(role, 'select * from complaint_statistics(null, ''none'')') > 0, role || ' may ask for sums') from unnest('{public,resident,police_source,auditor,case}'::text[]) as role;
select test.is(test.try_as('public', 'select quarter_number(''2026-Q3''), statistics_of(''filed'', ''none'')'), 'fine', 'the public may call what sums are made with');
select test.is(quarter_number('2026-Q3'), 2026 * 4 + 2, 'quarters are counted through');
select test.is(test.try_as(role, 'select * from ' || t), '42501', role || ' does not read ' || t)
from   unnest('{public,coordinator,auditor,police_source,case_handler}'::text[]) as role, unnest('{complaint_fact,suppression_class,statistic_fact}'::text[]) as t;
select test.is(test.try_as('public', f), '42501', 'the public does not call ' || f)
from   unnest(array['select refresh_fact(gen_random_uuid())', 'select statistics_until()', 'select state_before(gen_random_uuid(), now()::date)', 'select roll_up(''{}'', 1)']) as f;
create function test.try_owner(statement text) returns text language plpgsql as $$ begin execute statement; return 'fine'; exception when others then return sqlstate; end $$;
select test.is(test.try_owner('update suppression_class set k = 4 where code = ''persons'''), '23514', 'k is not below its floor');
create table test.wide as select count(*) as n from complaint_statistics('filed', 'state');
update suppression_class set k = 50 where code = 'persons';
select test.ok(count(*) < (select n from test.wide), 'a larger k shows less') from complaint_statistics('filed', 'state');
update suppression_class set k = 11 where code = 'persons';
