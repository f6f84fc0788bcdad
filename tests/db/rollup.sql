-- rollup: no cell of few can be told from all that is shown

-- Many small cities: from 1 to 7 groups, in sectors or not, one or two blocks of three years, from few to many
create table test.city as
select seed, g, q, floor(scale * weight * random() ^ 3)::int as n, case when seed % 3 = 0 then floor(scale * weight * random() ^ 4)::int else 0 end as co,
       case when g = 7 then '' else 'g' || g end as value, case when seed % 2 = 0 or g = 7 then '' else 's' || g % 3 end as sector
from   (select setseed(0.2026)) as s,
       lateral (select seed, (array[4, 9, 16, 30, 60, 150])[1 + seed % 6] as scale, 1 + seed % 7 as groups, 8 + 12 * (seed % 5 / 4) as blocks
                from generate_series(1, 420) as seed) as c,
       lateral (select g, (0.15 + random()) as weight from generate_series(case when seed % 4 = 0 then 7 - groups + 1 else 1 end,
                                                                          case when seed % 4 = 0 then 7 else groups end) as g where c.seed is not null) as w,
       generate_series(2024 * 4, 2024 * 4 + 3 + blocks) as q;

create table test.k as select seed, case when seed % 7 = 0 then 5 else 11 end as k from generate_series(1, 420) as seed;

-- Where each cell goes, and what the city shows by itself: years, and quarters where they may be
create table test.cell as
select c.seed, k, what, r.value, r.sector, r.quarter as q, (r.quarter / 4 - 2) / 3 as block, r.unit, r.first_quarter, r.quarters,
       case when r.quarter / 4 = any (open) then r.quarter else -(r.quarter / 4) end as city,
       coalesce(case what when 'n' then t.n else t.co end, 0) as x
from   (select seed, k, array_agg(row(value, sector, q, n, co)::statistic_cell) as cells from test.city join test.k using (seed) group by seed, k) as c
       cross join unnest('{n,co}'::text[]) as what
       cross join city_open(cells, k) as open
       cross join roll_up(cells, k) as r
       left join test.city t on (t.seed, t.value, t.sector, t.q) = (c.seed, r.value, r.sector, r.quarter);
create index on test.cell (what, seed, value, first_quarter);
create index on test.cell (what, seed, q);
create index on test.cell (what, seed, block, unit);
analyze test.cell;

-- Cells that nothing but their true number fits: no other table of numbers of at least 0 has the same sums everywhere. Another one is made
-- by moving one: within a unit; to another time that is told apart by nothing; or round a square of two groups and two times. Whoever is
-- in the rest may also be of a group that never occurs. width: 1 for cells of a quarter, 4 of a year
create function test.told(what text, width int) returns bigint
language sql as $$
  select count(*)
  from   (select   s.what, s.seed, block, value, unit, q / width as period, min(q) filter (where x > 0) as at
          from     test.cell s
          where    s.what = told.what and value <> ''
          group by s.what, s.seed, k, block, value, unit, q / width
          having   sum(x) between 1 and k - 1) as s
         join test.cell x on (x.what, x.seed, x.value, x.q) = (s.what, s.seed, s.value, s.at)
  where  s.unit <> 'rest'
  and    not exists (select from test.cell o where (o.what, o.seed, o.block, o.unit) = (x.what, x.seed, x.block, x.unit) and o.value <> x.value)
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
select test.ok(count(distinct seed) > 100, 'many cities show a group by ' || quarters || ' quarters')
from   test.cell where unit like 'value:%' group by quarters order by quarters;
select test.is(test.told(what, width), 0::bigint, case what when 'n' then 'no cell' else 'none of who is left out' end || ' of few in ' || width || ' quarters can be told')
from   unnest('{n,co}'::text[]) as what, unnest('{1,4}'::int[]) as width;
select test.is(count(*), 0::bigint, 'no sum of few is shown but of the city itself')
from   (select seed, k, block, unit, sum(x) as sum from test.cell group by seed, k, block, unit, what, first_quarter) as s
where  sum between 1 and k - 1
and    exists (select from test.cell o where (o.seed, o.block) = (s.seed, s.block) and o.unit <> 'rest');
select test.is(count(*), 0::bigint, 'that is one sum, of three years: without it nothing of them is left')
from   (select from test.cell group by seed, k, block, unit, what, first_quarter having sum(x) between 1 and k - 1 and min(quarters) < 12) as s;
select test.is(count(*), 0::bigint, 'what is shown of a block adds up to all of it')
from   (select seed, sum(n) from test.city group by seed
        except
        select seed, sum(x) from test.cell where what = 'n' group by seed) as other;
select test.is(count(*), 0::bigint, 'a unit is shown by one kind of period in a year, and by years alone or not at all in a block')
from   (select from test.cell group by seed, unit, q / 4 having count(distinct quarters) > 1
        union all
        select from test.cell group by seed, unit, block having bool_or(quarters = 12) and bool_or(quarters < 12)) as mixed;

-- The test of it can fail: all by quarter, then all by year
update test.cell set unit = 'value:' || value, first_quarter = q, city = q;
select test.ok(test.told('n', 1) > 1000, 'shown by quarter, cells of few are told');
update test.cell set first_quarter = q / 4 * 4, city = q;
select test.ok(test.told('n', 4) > 100, 'shown by year, cells of few are told');
update test.cell set first_quarter = block where value <> 'g1';
select test.ok(test.told('n', 4) > 0, 'with one group by year and one other by block, the other is told');
