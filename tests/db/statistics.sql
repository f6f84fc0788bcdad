-- statistics: what is counted, and from when on; who may ask; what is shown of it

-- Files a complaint, told on its day
create function test.file(n int, at timestamptz, neighborhood text default null, categories text[] default '{}') returns void
language sql as $$
  insert into complaint (id, kind, language, notice_version, neighborhood_code, received_at) values (test.id(n), 'complaint', 'es', '2026-01', neighborhood, at);
  insert into allegation (complaint_id, category) select test.id(n), c from unnest(categories) as c;
  update complaint_fact set valid_from = received_on where complaint_id = test.id(n);
$$;

-- A quarter goes by: what was known today was known in the last one
create function test.wait() returns void
language sql as $$
  update complaint_fact set valid_from = valid_from - 100000, valid_until = valid_until - 100000; -- past all others
  update complaint_fact set valid_from = valid_from + 99908, valid_until = valid_until + 99908;
$$;

-- What is counted of a complaint, and from when on: in past quarters, in this one
create function test.facts(n int) returns text
language sql as $$
  select string_agg(concat_ws(' ', case when valid_from < statistics_until() then 'past' when valid_from = city_time(now())::date then 'today' else valid_from::text end,
                              case when valid_until = city_time(now())::date then 'to today' else valid_until::text end,
                              quarter, category, neighborhood_code, state, case when is_matched then 'matched' end), ', ' order by valid_from)
  from   complaint_fact
  where  complaint_id = test.id(n)
$$;

-- A complaint is counted once, under its first allegation, as it stands
select test.file(1, '2010-03-31 23:30:00-04', 'southeast', '{force,discourtesy}');
select test.is(test.facts(1), 'past 8040 force southeast received', 'a complaint is counted on its day in the city, by its first allegation');
delete from allegation where complaint_id = test.id(1) and category = 'force';
select test.is(test.facts(1), 'past to today 8040 force southeast received, today 8040 discourtesy southeast received', 'by the next when that is gone, known since today');
update allegation set category = 'drugs' where complaint_id = test.id(1);
update complaint set neighborhood_code = 'west-end', received_at = '2010-04-01 00:30:00-04', state = 'decided' where id = test.id(1);
select test.is(test.facts(1), 'past to today 8040 force southeast received, today 8041 drugs west-end decided', 'what changes again within a quarter is no third version');
select test.is(decided_on, city_time(now())::date, 'with the day of the decision') from complaint_fact where complaint_id = test.id(1) and valid_until is null;
create table test.version as select xmin::text as written, * from complaint_fact;
savepoint same;
select refresh_fact(test.id(1));
update complaint set received_at = received_at + interval '1 minute' where id = test.id(1);
select test.is((select count(*) from (select xmin::text as written, * from complaint_fact except table test.version) as x), 0::bigint, 'where nothing counted changes nothing is written');
select test.wait();
update allegation set category = 'force' where complaint_id = test.id(1);
select test.is(test.facts(1), 'past to today 8041 drugs west-end decided, today 8041 force west-end decided', 'a version that no quarter needs any more goes when the next comes');
rollback to savepoint same;
update complaint set kind = 'issue' where id = test.id(1);
select test.is(test.facts(1), 'past to today 8040 force southeast received', 'what is no complaint is not counted, from the next quarter on');
update complaint set kind = 'complaint' where id = test.id(1);
select test.is(test.facts(1), 'past to today 8040 force southeast received, today 8041 drugs west-end decided', 'what becomes one is');
insert into complaint (id, kind, language, notice_version) values (test.id(2), 'issue', 'es', '2026-01');
select test.is(test.facts(2), null, 'an issue is not');
update complaint set kind = 'complaint' where id = test.id(2);
select test.is(test.facts(2) ~ '^today', true, 'until it is a complaint');
update complaint set kind = 'commendation' where id = test.id(2);
select test.is(test.facts(2), null, 'and not when it is none in the same quarter');
delete from complaint where id in (test.id(1), test.id(2));
select test.is(test.facts(1), null, 'a complaint that is gone leaves nothing');

-- Fourteen in a quarter of 2010, two of 2011
select test.file(n, '2010-05-01 12:00:00-04', case when n < 23 then 'southeast' else 'west-end' end, array[case when n < 14 then 'force' else 'drugs' end]) from generate_series(11, 24) as n;
select test.file(n, '2011-05-01 12:00:00-04', 'southeast', '{force}') from generate_series(25, 26) as n;
update complaint_fact set state = 'closed', decided_on = received_on + 10 where complaint_id between test.id(11) and test.id(21);
create function test.sums(series text, split text) returns text
language sql as $$
  select string_agg(concat_ws(' ', coalesce(value, '-'), period, n, median_days, status, case when split = 'neighborhood' then place_rung end), ', ' order by place_in_list)
  from   complaint_statistics(series, split)
  where  substr(period, 1, 4) in ('2010', '2011') and n > 0
$$;
select test.is(test.sums('filed', 'none'), '- 2010 14 10.0 final, - 2010-Q2 14 10.0 final, - 2011 2 final', 'years are always shown, quarters where none has few, medians of enough');
select test.is(test.sums('filed', 'neighborhood'), '- 2010-Q2 14 10.0 final city, - 2011 2 final city', 'two neighborhoods of which one has few are shown together');
select test.is(test.sums('filed', 'category'), '- 2010-Q2 14 10.0 final, - 2011 2 final', 'so are categories');
select test.is(test.sums('filed', 'state'), '- 2010-Q2 14 10.0 final, - 2011 2 final', 'so are states');
select test.file(n, '2010-05-02 12:00:00-04', 'west-end', '{drugs}') from generate_series(31, 40) as n;
select test.file(n, '2011-05-02 12:00:00-04', 'southeast', '{drugs}') from generate_series(41, 50) as n;
select test.is(test.sums('filed', 'neighborhood'), 'southeast 2010-Q2 12 10.0 final neighborhood, west-end 2010-Q2 12 final neighborhood, southeast 2011-Q2 12 final neighborhood', 'where none has few, each is shown by quarter');
update neighborhood set sector = 'south' where code in ('southeast', 'sunnyside');
update complaint_fact set neighborhood_code = null where complaint_id between test.id(11) and test.id(22);
update complaint_fact set neighborhood_code = 'sunnyside' where complaint_id between test.id(41) and test.id(44);
select test.is(test.sums('filed', 'neighborhood'), 'west-end 2010-Q2 12 final neighborhood, - 2010-Q2 12 10.0 final city, south 2011-Q2 12 final sector', 'neighborhoods with few are shown as the rest of their sector, what has no place as that of the city');

-- What the police sent; what is both
insert into source (code, name_es, name_en) values ('p', 'P', 'P');
insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, closed_on, body_hash)
select test.id(1000 + n), 'p', n, '2010-02-01', 'force', 'force', 'closed', '2010-02-08', 'x' from generate_series(1, 13) as n;
select test.is(test.sums('reported', 'category'), 'force 2010-Q1 13 7.0 final', 'police records are a series of their own');
select test.is(test.sums('reported', 'state'), 'closed 2010-Q1 13 7.0 final', 'with states of their own');
update police_record set withdrawn_as = 'error' where id = test.id(1001);
select test.is(test.sums('reported', 'category'), 'force 2010-Q1 12 7.0 final', 'a withdrawn one is not counted');
select test.is(test.sums('matched', 'none'), null, 'what nobody confirmed is not matched');
create function test.match(complaint int, record int) returns void
language sql as $$ insert into counterpart (id, complaint_id, police_record_id) values (test.id(2000 + record), test.id(complaint), test.id(1000 + record)) $$;
select test.match(29 + n, n) from generate_series(2, 11) as n;
select test.wait();
select test.is(test.sums('matched', split), null, 'few matched are not shown, not even of the city, by ' || split) from unnest('{none,category,neighborhood,state}'::text[]) as split;
select test.match(41, 12), test.match(42, 13);
select test.wait();
select test.is(test.sums('matched', split), null, 'nor where they are enough of two years, by ' || split) from unnest('{none,category,neighborhood,state}'::text[]) as split;
update counterpart set complaint_id = test.id(case id when test.id(2012) then 23 else 24 end) where id in (test.id(2012), test.id(2013));
select refresh_fact(test.id(n)) from unnest('{23,24,41,42}'::int[]) as n;
select test.wait();
select test.is(test.sums('matched', split), case split when 'neighborhood' then 'west-end 2010-Q2 12 final neighborhood' else '- 2010-Q2 12 final' end, 'but where they are enough of one, by ' || split)
from   unnest('{none,category,neighborhood,state}'::text[]) as split;
savepoint all_but_few;
update complaint_fact set is_matched = not is_matched where complaint_id between test.id(11) and test.id(40);
update complaint_fact set is_matched = true where complaint_id between test.id(31) and test.id(33);
select test.is(test.sums('matched', 'none'), null, 'nor are they where all but few are matched');
rollback to savepoint all_but_few;
select test.is(test.sums(null, 'none'), test.sums('filed', 'none') || ', ' || test.sums('reported', 'none') || ', ' || test.sums('matched', 'none'), 'no series named: all of them');
select test.is(test.sums('filed', null), test.sums('filed', 'none'), 'nothing to split by: not split');

-- Of a year that is not over the city is shown, and nothing else; quarters come and go with what the running one lets show
savepoint another_day;
create function test.on_day(day date) returns void
language plpgsql as $$
begin
  execute format('create or replace function statistics_until() returns date language sql stable return %L::date', date_trunc('quarter', day)::date);
end
$$;
delete from complaint_fact where valid_until is not null;
update complaint_fact set valid_from = received_on;
select test.on_day('2011-07-01');
select test.is(test.sums('filed', 'none'), '- 2010 24 10.0 final, - 2010-Q2 24 10.0 final, - 2011 12 provisional, - 2011-Q2 12 final', 'the city''s running year shows, and its quarters');
insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, body_hash)
select test.id(1500 + n), 'p', 'late-' || n, '2011-05-01', 'force', 'force', 'open', 'x' from generate_series(1, 20) as n;
select test.is(test.sums('reported', 'none'), '- 2010 12 7.0 final, - 2010-Q1 12 7.0 final, - 2011 20 provisional, - 2011-Q2 20 final', 'of what the police sent, too');
update complaint_fact set is_matched = true where received_on between '2011-01-01' and '2011-12-31';
select test.is(test.sums('matched', 'none'), '- 2010-Q2 12 final', 'not of the matched');
create function test.periods(split text) returns text
language sql as $$
  select string_agg(distinct concat_ws(' ', period, status), ', ') from unnest('{filed,reported,matched}'::text[]) as s, complaint_statistics(s, split) where substr(period, 1, 4) in ('2010', '2011')
$$;
select test.is(test.periods(split), '2010-Q1 final, 2010-Q2 final, 2010-Q3 final, 2010-Q4 final', 'it is not split by ' || split) from unnest('{category,neighborhood,state}'::text[]) as split;
select test.on_day('2012-01-01');
select test.ok(test.periods(split) like '%2011-Q4 final', 'when it is over it is, by ' || split) from unnest('{category,neighborhood,state}'::text[]) as split;
select test.is(test.sums('matched', 'none'), '- 2010-Q2 12 final, - 2011-Q2 12 final', 'and the matched show');
select test.file(60, '2011-08-01 12:00:00-04', 'southeast', '{force}');
select test.is(test.sums('filed', 'none'), '- 2010 24 10.0 final, - 2010-Q2 24 10.0 final, - 2011 13 final', 'with a quarter of few the quarters go, and the year tells it to whoever kept its sums');
rollback to savepoint another_day;

-- Nothing that happens to complaints is seen within the quarter, and all of it together in the next
create function test.shown() returns text
language sql as $$
  select md5(string_agg(x::text, ',' order by x::text)) from unnest('{none,category,neighborhood,state}'::text[]) as split, complaint_statistics(null, split) as x
$$;
create table test.before as select test.shown() as shown;
select test.wait();
select test.is(test.shown(), shown, 'that time goes by moves nothing by itself') from test.before;
create function test.seen(what text, statement text) returns setof text
language plpgsql as $$
declare
  before constant text := test.shown();
begin
  execute statement;
  return next test.is(test.shown(), before, 'nobody sees within the quarter that ' || what);
  perform test.wait();
  return next test.ok(test.shown() <> before, 'it is counted from the next on that ' || what);
end
$$;
select test.file(n, '2012-05-01 12:00:00-04', 'west-end', '{force}') from generate_series(101, 120) as n;
select test.seen('complaints move', 'update complaint set state = ''triage'' where id between test.id(101) and test.id(120)');
select test.seen('some are decided', 'update complaint set state = ''decided'' where id between test.id(101) and test.id(120)');
select test.seen('one is filed that came in years ago',
                 'insert into complaint (id, kind, language, notice_version, received_at) values (test.id(150), ''complaint'', ''es'', ''2026-01'', ''2010-05-01 12:00:00-04'')');
select test.seen('one came in another year', 'update complaint set received_at = ''2011-05-01 12:00:00-04'' where id = test.id(150)');
select test.seen('one is no complaint', 'update complaint set kind = ''issue'' where id = test.id(150)');
select test.seen('it is one', 'update complaint set kind = ''complaint'' where id = test.id(150)');
select test.seen('they are of another category', 'update allegation set category = ''discourtesy'' where complaint_id between test.id(31) and test.id(50)');
select test.seen('it was elsewhere', 'update complaint set neighborhood_code = ''sunnyside'' where id between test.id(31) and test.id(50)');
select test.seen('a record is no counterpart of theirs', 'delete from counterpart where complaint_id = test.id(23)');
select test.seen('it is', 'select test.match(22, 12)');
create table test.withdrawn as select test.sums('matched', 'none') as shown;
update police_record set withdrawn_as = 'expunged' where id between test.id(1002) and test.id(1013);
select test.is(test.sums('matched', 'none'), shown, 'a source does not learn by withdrawing a record whether a resident told of the same') from test.withdrawn;
select test.wait();
select test.is(test.sums('matched', 'none'), shown, 'nor in the next quarter') from test.withdrawn;
update complaint set received_at = received_at + interval '1 day' where id between test.id(31) and test.id(50);
select test.wait();
select test.is(test.sums('matched', 'none'), shown, 'nor when the complaint changes') from test.withdrawn;

-- Who may ask
select test.ok(test.count_as(role, 'select * from complaint_statistics(null, ''none'')') > 0, role || ' may ask for sums') from unnest('{public,resident,police_source,auditor,case}'::text[]) as role;
select test.is(test.try_as('public', 'select quarter_number(''2026-Q3''), statistics_of(''filed'', ''none'')'), 'fine', 'the public may call what sums are made with');
select test.is(quarter_number('2026-Q3'), 2026 * 4 + 2, 'quarters are counted through');
select test.is(test.try_as(role, 'select * from ' || t), '42501', role || ' does not read ' || t)
from   unnest('{public,coordinator,auditor,police_source,case_handler}'::text[]) as role, unnest('{complaint_fact,suppression_class,statistic_fact}'::text[]) as t;
select test.is(test.try_as('public', f), '42501', 'the public does not call ' || f)
from   unnest(array['select refresh_fact(gen_random_uuid())', 'select statistics_until()', 'select roll_up(''{}'', 1)']) as f;
create function test.try_owner(statement text) returns text language plpgsql as $$ begin execute statement; return 'fine'; exception when others then return sqlstate; end $$;
select test.is(test.try_owner('update suppression_class set k = 4 where code = ''persons'''), '23514', 'k is not below its floor');
create table test.wide as select count(*) as n from complaint_statistics('filed', 'state');
update suppression_class set k = 50 where code = 'persons';
select test.ok(count(*) < (select n from test.wide), 'a larger k shows less') from complaint_statistics('filed', 'state');
update suppression_class set k = 11 where code = 'persons';
