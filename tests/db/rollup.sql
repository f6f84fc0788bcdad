-- rollup: no cell of few can be told from all that is shown, at a time or over time

-- Many small cities: from 1 to 7 groups, in sectors or not, two or four years, from few to many; every third has who is left out, too
create table test.city as
select seed, g, q, floor(scale * weight * random() ^ 3)::int as n, case when seed % 3 = 0 then floor(scale * weight * random() ^ 4)::int else 0 end as co,
       case when g = 7 then '' else 'g' || g end as value, case when seed % 2 = 0 or g = 7 then '' else 's' || g % 3 end as sector
from   (select setseed(0.2026)) as s,
       lateral (select seed, (array[4, 9, 16, 30, 60, 150])[1 + seed % 6] as scale, 1 + seed % 7 as groups, 2 + 2 * (seed % 5 / 4) as years
                from generate_series(1, 420) as seed) as c,
       lateral (select g, (0.15 + random()) as weight from generate_series(case when seed % 4 = 0 then 7 - groups + 1 else 1 end,
                                                                          case when seed % 4 = 0 then 7 else groups end) as g where c.seed is not null) as w,
       generate_series(2024 * 4, 2024 * 4 + 4 * years - 1) as q;

-- And one where two are enough together in every quarter, until the third comes, that is shown by year as well
insert into test.city
select 421, g, 2024 * 4 + nth - 1, n, 0, 'g' || g, '' from (values (1, '{5,0,20,0}'::int[]), (2, '{20,0,5,0}'), (3, '{0,4,0,40}'), (4, '{50,50,50,50}')) as c (g, ns), unnest(ns) with ordinality as q (n, nth);
create table test.k as select seed, case when seed % 7 = 0 then 5 else 11 end as k from generate_series(1, 421) as seed;

-- What is known of the city by itself: every quarter to whoever keeps the sums of its running years, but of a series with others left out
-- only what is shown
create table test.known as
select   seed, q / 4 as year, sum(sum(co)) over w = 0 or bool_and(is_safe(sum(n), sum(co), k)) over w as by_quarter, q
from     test.city join test.k using (seed)
group by seed, k, q
window   w as (partition by seed, q / 4);

-- Where each cell goes
create table test.cell as
select c.seed, k, what, r.value, r.sector, r.quarter as q, r.quarter / 4 as year, r.unit, r.first_quarter, r.quarters,
       case when o.by_quarter then r.quarter else -(r.quarter / 4) end as city, coalesce(case what when 'n' then t.n else t.co end, 0) as x
from   (select seed, k, array_agg(row(value, sector, q, n, co)::statistic_cell) as cells from test.city join test.k using (seed) group by seed, k) as c
       cross join unnest('{n,co}'::text[]) as what
       cross join roll_up(cells, k) as r
       join test.known o on (o.seed, o.q) = (c.seed, r.quarter)
       left join test.city t on (t.seed, t.value, t.sector, t.q) = (c.seed, r.value, r.sector, r.quarter);
create index on test.cell (what, seed, value, first_quarter);
create index on test.cell (what, seed, q);
create index on test.cell (what, seed, year, unit);
analyze test.cell;

-- Cells that nothing but their true number fits: no other table of numbers of at least 0 has the same sums everywhere. Another one is made
-- by moving one: within a unit; to another quarter that is told apart by nothing; or round a square of two groups and two quarters. Whoever
-- is in the rest may also be of a group that never occurs. width: 1 for cells of a quarter, 4 of a year
create function test.told(what text, width int) returns bigint
language sql as $$
  select count(*)
  from   (select   s.what, s.seed, value, year, unit, min(q) filter (where x > 0) as at
          from     test.cell s
          where    s.what = told.what and value <> ''
          group by s.what, s.seed, k, value, year, unit, q / width
          having   sum(x) between 1 and k - 1) as s
         join test.cell x on (x.what, x.seed, x.value, x.q) = (s.what, s.seed, s.value, s.at)
  where  s.unit <> 'rest'
  and    not exists (select from test.cell o where (o.what, o.seed, o.year, o.unit) = (x.what, x.seed, x.year, x.unit) and o.value <> x.value)
  and    not exists (select from test.cell t
                     where  (t.what, t.seed, t.value, t.first_quarter) = (x.what, x.seed, x.value, x.first_quarter)
                     and    t.q / width <> x.q / width
                     and    (t.city = x.city
                             or exists (select from test.cell o
                                               join test.cell p on (p.what, p.seed, p.value, p.first_quarter) = (o.what, o.seed, o.value, o.first_quarter)
                                        where  (o.what, o.seed, o.q) = (x.what, x.seed, x.q) and o.value <> x.value
                                        and    p.q = t.q and (p.x > 0 or (o.x > 0 and t.x > 0)))));
$$;

select test.ok(count(*) > 1000, 'there are cells of few to be told') from test.cell where what = 'n' and x between 1 and k - 1;
select test.ok(count(distinct seed) > 50, 'many cities show a group by ' || quarters || ' quarters')
from   test.cell where unit like 'value:%' group by quarters order by quarters;
select test.is(test.told(what, width), 0::bigint, case what when 'n' then 'no cell' else 'none of who is left out' end || ' of few in ' || width || ' quarters can be told')
from   unnest('{n,co}'::text[]) as what, unnest('{1,4}'::int[]) as width;
select test.is(count(*), 0::bigint, 'no sum of few is shown but of the city itself')
from   (select seed, k, year, unit from test.cell group by seed, k, year, unit, what, first_quarter having sum(x) between 1 and k - 1) as s
where  exists (select from test.cell o where (o.seed, o.year) = (s.seed, s.year) and o.unit <> 'rest');
select test.is(count(*), 0::bigint, 'that is one sum, of the year: without it nothing of them is left')
from   (select from test.cell group by seed, k, unit, what, first_quarter having sum(x) between 1 and k - 1 and min(quarters) < 4) as s;
select test.is(count(*), 0::bigint, 'no few of a quarter of the city are left by what is shown of it')
from   (select   from test.cell
        where    city = q
        group by what, seed, k, q
        having   bool_or(quarters = 1) and coalesce(sum(x) filter (where quarters = 4), 0) between 1 and k - 1) as left_over;
select test.is(count(*), 0::bigint, 'what is shown of a year adds up to all of it')
from   (select seed, q / 4, sum(n) from test.city group by seed, q / 4
        except
        select seed, year, sum(x) from test.cell where what = 'n' group by seed, year) as other;
select test.is(count(*), 0::bigint, 'a unit is shown by one kind of period in a year')
from   (select from test.cell group by seed, unit, year having count(distinct quarters) > 1) as mixed;

-- The test of it can fail: all by quarter, then all by year, then one by quarter
update test.cell set unit = 'value:' || value, first_quarter = q;
select test.ok(test.told('n', 1) > 1000, 'shown by quarter, cells of few are told');
update test.cell set first_quarter = year * 4;
select test.ok(test.told('n', 4) > 100, 'shown by year, cells of few are told');
create table test.by_year as select test.told('n', 1) as told;
update test.cell set first_quarter = q where value = 'g1';
select test.ok(test.told('n', 1) > told, 'with one group by quarter and one other by year, the other is told') from test.by_year;

-- The same over time: cities of 20 to 400 complaints a year, of which nothing changes once it is known, published quarter after quarter
create function test.neighborhoods() returns text[] language sql as $$ select array_agg(code order by code) from (select code from neighborhood order by code limit 8) as n $$;
create or replace function statistics_until() returns date language sql stable return current_setting('test.until')::date;
create table test.publication (seed int, at int, split text, series text, value text, place_rung text, first_quarter int, quarters int, n int);
create function test.publish() returns void
language plpgsql as $$
begin
  perform setseed(0.2027);
  for seed in 1 .. 10 loop
    delete from complaint_fact;
    insert into complaint_fact (complaint_id, valid_from, received_on, category, neighborhood_code, state, is_matched, is_demo)
    select test.id(i), day, day, (array['force', 'discourtesy', 'harassment', 'drugs', 'other'])[1 + floor(5 * random() ^ 2)],
           (test.neighborhoods())[1 + floor(9 * random() ^ 2)], 'received', random() < 0.4, false
    from   generate_series(1, (array[60, 180, 180, 400, 1200])[1 + seed % 5]) as i,
           lateral (select date '2010-01-01' + floor(1095 * random() ^ (1 + (i + seed) % 2))::int as day) as d;
    for at in 1 .. 13 loop
      perform set_config('test.until', (date '2010-01-01' + at * interval '3 months')::date::text, true);
      insert into test.publication
      select seed, 2010 * 4 + at, split, s, value, o.place_rung, first_quarter, quarters, o.n
      from   unnest('{filed,matched}'::text[]) as s, unnest('{none,category,neighborhood}'::text[]) as split, statistics_of(s, split) as o;
    end loop;
  end loop;
end
$$;
set local session_replication_role = replica;
select test.publish();
set local session_replication_role = origin;
create table test.city_sum as
select   p.seed, p.at - 1 as quarter, p.n - coalesce(b.n, 0) as n
from     test.publication p left join test.publication b on (b.seed, b.series, b.split, b.quarters, b.first_quarter, b.at) = (p.seed, p.series, p.split, 4, p.first_quarter, p.at - 1)
where    p.series = 'filed' and p.split = 'none' and p.quarters = 4 and p.first_quarter = (p.at - 1) / 4 * 4;
select test.ok(count(*) filter (where n between 1 and 10) > 20, 'whoever keeps the sums of the running year knows every quarter of the whole city') from test.city_sum;
delete from test.publication where series = 'filed' and split = 'none';
select test.ok(count(*) > 30, 'much is shown of the ' || series || ' by ' || split || ' in ' || quarters || ' quarters')
from   test.publication where value is not null and series = 'filed' group by series, split, quarters;
select test.is(count(*), 0::bigint, 'where no complaint changes, no sum does, once shown')
from   (select seed, at + 1, split, series, value, place_rung, first_quarter, quarters, n from test.publication where at < 2010 * 4 + 13
        except
        table test.publication) as gone;
select test.is(count(*), 0::bigint, 'no sum is less than k more than what was shown of it before')
from   (select from test.publication l join test.publication e
                    on  (e.seed, e.split, e.series, e.place_rung) = (l.seed, l.split, l.series, l.place_rung) and e.value is not distinct from l.value
                    and e.at < l.at and e.first_quarter >= l.first_quarter and e.first_quarter + e.quarters <= l.first_quarter + l.quarters
        group by l.*, l.n, e.at
        having   l.n - sum(e.n) between 1 and 10) as grown;
select test.is(count(*), 0::bigint, 'nor is it what is left of a quarter of the city')
from   (select from test.publication p join test.city_sum c on (c.seed, c.quarter) = (p.seed, p.first_quarter)
        where  p.series = 'filed' and p.quarters = 1
        group by p.seed, p.at, p.split, p.first_quarter, c.n
        having   c.n - sum(p.n) between 1 and 10) as left_over;
