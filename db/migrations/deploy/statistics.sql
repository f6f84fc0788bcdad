-- statistics: public sums of complaints, rolled up here, before any format, until no cell tells of fewer than k
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table suppression_class (
  code           text primary key,
  k              int,
  least          int check (least > 1),
  description_es text not null,
  description_en text not null,
  constraint k check (case when least is null then k is null else k >= least end)
);
comment on column suppression_class.k is 'The smallest number that is shown, but for 0; null: every number is';
comment on column suppression_class.least is 'The smallest k that a group may choose';

-- What is counted of a complaint: narrow rows, so that sums are quick and nobody who files waits for another. System-versioned by days of
-- the city, for sums count what was known when the running quarter began: within it, none of them moves
create table complaint_fact (
  complaint_id      uuid not null constraint complaint references complaint on delete cascade,
  valid_from        date not null,
  valid_until       date,
  received_on       date not null,
  quarter           int  not null generated always as ((extract(year from received_on) * 4 + extract(quarter from received_on) - 1)::int) stored,
  category          text,
  neighborhood_code text collate "C" constraint neighborhood references neighborhood (code) on update cascade,
  state             text not null,
  decided_on        date,
  is_matched        boolean not null,
  is_demo           boolean not null,
  primary key (complaint_id, valid_from),
  constraint valid check (valid_from < valid_until)
);
comment on column complaint_fact.valid_from is 'The day on which it became known, whenever it happened';
comment on column complaint_fact.valid_until is 'The day on which it was no longer so; null: it is';
comment on column complaint_fact.category is 'Of its first allegation: each complaint is counted once';
comment on column complaint_fact.quarter is 'Quarters since the year 0: 4 * year + 0..3';
comment on column complaint_fact.is_matched is 'Whether a police record of the same event was confirmed, even if its source withdrew that since: whoever withdraws does not learn of it';

create function statistics_until() returns date
language sql stable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select date_trunc('quarter', city_time(now()))::date;
end;
comment on function statistics_until() is
  'The first day that is not counted: the running quarter is left out, or whoever asked every hour would see each complaint come in, and move';

create function refresh_fact(complaint_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  today   constant date := city_time(now())::date;
  until   constant date := statistics_until();
  fact    complaint_fact;
  current complaint_fact;
begin
  perform from complaint c where c.id = refresh_fact.complaint_id for no key update; -- one at a time: each sees what the other counts

  select c.id, today, null, city_time(c.received_at)::date, null,
         (select a.category from allegation a where a.complaint_id = c.id order by a.ordinal limit 1),
         c.neighborhood_code, c.state, city_time(coalesce(c.decided_at, c.closed_at))::date,
         exists (select from counterpart k where k.complaint_id = c.id), c.is_demo
  into   fact
  from   complaint c
  where  c.id = refresh_fact.complaint_id and c.kind = 'complaint';

  select * into current from complaint_fact f where f.complaint_id = refresh_fact.complaint_id and f.valid_until is null;

  if (fact.received_on, fact.category, fact.neighborhood_code, fact.state, fact.decided_on, fact.is_matched) is not distinct from
     (current.received_on, current.category, current.neighborhood_code, current.state, current.decided_on, current.is_matched) then
    return;
  elsif current.valid_from < until then
    delete from complaint_fact f where f.complaint_id = current.complaint_id and f.valid_until is not null;
    update complaint_fact f set valid_until = today where f.complaint_id = current.complaint_id;
  elsif fact.complaint_id is null then
    delete from complaint_fact f where f.complaint_id = current.complaint_id and f.valid_until is null;
  else
    fact.valid_from := coalesce(current.valid_from, today);
  end if;

  insert into complaint_fact (complaint_id, valid_from, received_on, category, neighborhood_code, state, decided_on, is_matched, is_demo)
  select fact.complaint_id, fact.valid_from, fact.received_on, fact.category, fact.neighborhood_code, fact.state, fact.decided_on, fact.is_matched, fact.is_demo
  where  fact.complaint_id is not null
  on conflict on constraint complaint_fact_pkey do update
  set    (received_on, category, neighborhood_code, state, decided_on, is_matched) =
         (excluded.received_on, excluded.category, excluded.neighborhood_code, excluded.state, excluded.decided_on, excluded.is_matched);
end
$$;
comment on function refresh_fact(uuid) is
  'Brings what is counted of a complaint up to date: the version that was there when the running quarter began stays for as long, the other is changed in place';

create function fact_of_complaint() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform refresh_fact(new.id);
  return null;
end
$$;

create function fact_of_part() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform refresh_fact(case when tg_op = 'DELETE' then old.complaint_id else new.complaint_id end);
  return null;
end
$$;

create trigger fact after insert or update of kind, received_at, neighborhood_code, state on complaint
for each row execute function fact_of_complaint();
create trigger fact after insert or delete or update of category, ordinal on allegation
for each row execute function fact_of_part();
create trigger fact after insert or delete on counterpart
for each row execute function fact_of_part();

create index police_record_counted on police_record (received_on) include (category, neighborhood_code, sector, status, closed_on, is_demo)
where withdrawn_as is null;

create view statistic_fact with (security_invoker) as
select 'filed' as series, f.category, f.neighborhood_code, null::text as sector, f.quarter, f.state, f.decided_on - f.received_on as days,
       true as is_counted, f.is_demo
from   complaint_fact f, statistics_until() as until
where  f.valid_from < until and (f.valid_until is null or f.valid_until >= until)
and    f.received_on < until
union all
select 'matched', f.category, f.neighborhood_code, null, f.quarter, f.state, f.decided_on - f.received_on, f.is_matched, f.is_demo
from   complaint_fact f, statistics_until() as until
where  f.valid_from < until and (f.valid_until is null or f.valid_until >= until)
and    f.received_on < until
union all
select 'reported', p.category, p.neighborhood_code, case when p.neighborhood_code is null then p.sector end,
       (extract(year from p.received_on) * 4 + extract(quarter from p.received_on) - 1)::int,
       case when coalesce(p.closed_on, p.received_on) < until then p.status else 'open' end,
       case when p.closed_on < until then p.closed_on - p.received_on end, true, p.is_demo
from   police_record p, statistics_until() as until
where  p.withdrawn_as is null
and    p.received_on < until;
comment on view statistic_fact is
  'What is counted: of complaints as they were known when the running quarter began, of what the police sent as it stands. In the series matched, is_counted tells those that are from those that might have been';

-- A group in a quarter; value and sector '' where it has none. co: those who are not in n, but would give away n together with it (filed, and not matched)
create type statistic_cell as (value text, sector text, quarter int, n int, co int);

create function is_safe(n bigint, co bigint, k int) returns boolean
language sql immutable parallel safe
return (n = 0 or n >= k) and (co = 0 or co >= k);

create function city_open(cells statistic_cell[], k int) returns int[]
language sql immutable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select coalesce(array_agg(year), '{}')
  from   (select   year
          from     (select quarter / 4 as year, sum(n) as n, sum(co) as co from unnest(cells) group by quarter) as q
          group by year
          having   bool_and(is_safe(n::bigint, co::bigint, k))) as y;
end;
comment on function city_open(statistic_cell[], int) is 'Years whose city-wide sums may be shown by quarter; those of years always are';

-- Where each group's quarters go, block of three years by block:
--   pool    a group whose block has less than k goes to the rest of its sector, that to the rest of the city, and with it the smallest others
--           until the rest may be shown
--   open    a block is shown by years where each may be shown, a year by quarters
--   close   city-wide sums of years are known, and of quarters where city_open: what is not shown so closely is known together, and
--           must be 0 or k at least; until it is, the smallest that are shown are shown less closely
-- Then whatever is not shown closely is spread over two groups and two periods at least, whose sums are all k or more: by no sum can a
-- cell below k be told.
create function roll_up(cells statistic_cell[], k int)
returns table (value text, sector text, quarter int, unit text, place_rung text, first_quarter int, quarters int)
language sql immutable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  with cell as (
    select c.value, c.sector, c.quarter, c.quarter / 4 as year, (c.quarter / 4 - 2) / 3 as block, c.n::bigint as n, c.co::bigint as co
    from   unnest(cells) as c
  ), grp as (
    select   block, value, sector, sum(n)::bigint as n, sum(co)::bigint as co
    from     cell
    group by block, value, sector
  ), named as (
    select g.*, value <> '' and n > 0 and is_safe(n, co, k) as stands from grp g
  ), sectored as (
    select n.*, not stands and sector <> '' and sum(n) filter (where not stands) over s > 0
                and is_safe((sum(n) filter (where not stands) over s)::bigint, (sum(co) filter (where not stands) over s)::bigint, k) as in_sector
    from   named n
    window s as (partition by block, sector)
  ), placed as (
    select block, value, sector, n, co,
           case when stands then 'value:' || value when in_sector then 'sector:' || sector else 'rest' end as unit
    from   sectored
  ), unit as (
    select   block, unit, sum(n)::bigint as n, sum(co)::bigint as co
    from     placed
    group by block, unit
  ), pooling as ( -- the rest, with the smallest 0, 1, 2, ... others
    select   block, 0 as taken, coalesce(sum(n) filter (where unit = 'rest'), 0) as n, coalesce(sum(co) filter (where unit = 'rest'), 0) as co
    from     unit
    group by block
    union all
    select u.block, row_number() over w, coalesce(r.n, 0) + sum(u.n) over w, coalesce(r.co, 0) + sum(u.co) over w
    from   unit u left join unit r on r.block = u.block and r.unit = 'rest'
    where  u.unit <> 'rest'
    window w as (partition by u.block order by u.n + u.co, u.unit)
  ), pooled as (
    select   block, coalesce(min(taken) filter (where is_safe(n::bigint, co::bigint, k)), max(taken)) as taken
    from     pooling
    group by block
  ), ranked as (
    select u.block, u.unit, row_number() over (partition by u.block order by u.n + u.co, u.unit) as nth
    from   unit u
    where  u.unit <> 'rest'
  ), settled as (
    select p.block, p.value, p.sector, case when r.nth > l.taken then p.unit else 'rest' end as unit
    from   placed p
           join pooled l using (block)
           left join ranked r using (block, unit)
  ), spread as ( -- every unit in every quarter of its block
    select   s.block, s.unit, q.quarter, q.quarter / 4 as year, coalesce(sum(c.n), 0)::bigint as n, coalesce(sum(c.co), 0)::bigint as co
    from     settled s
             cross join lateral generate_series((s.block * 3 + 2) * 4, (s.block * 3 + 2) * 4 + 11) as q (quarter)
             left join cell c on c.quarter = q.quarter and c.value = s.value and c.sector = s.sector
    group by s.block, s.unit, q.quarter
  ), yearly as (
    select y.*, bool_and(is_safe(n, co, k)) over u as opens, sum(n + co) over u as weight
    from   (select block, unit, year, sum(n)::bigint as n, sum(co)::bigint as co from spread group by block, unit, year) as y
    window u as (partition by block, unit)
  ), known_together as (
    select y.*, coalesce(sum(n) filter (where not opens) over p, 0) as left_n, coalesce(sum(co) filter (where not opens) over p, 0) as left_co
    from   yearly y
    window p as (partition by block, year)
  ), closing as ( -- what is known of a year together, with the smallest 0, 1, 2, ... that open
    select distinct block, year, 0 as taken, left_n as n, left_co as co
    from   known_together
    union all
    select block, year, row_number() over w, left_n + sum(n) over w, left_co + sum(co) over w
    from   known_together
    where  opens
    window w as (partition by block, year order by weight, unit)
  ), closed as (
    select   block, coalesce(min(taken) filter (where safe), max(taken)) as taken, bool_or(safe) as safe
    from     (select block, taken, bool_and(is_safe(n::bigint, co::bigint, k)) as safe from closing group by block, taken) as t
    group by block
  ), by_year as (
    select y.block, y.unit, y.year, y.n, y.co,
           y.opens and row_number() over (partition by y.block, y.year, y.opens order by y.weight, y.unit) > c.taken as opens,
           not c.safe and count(*) filter (where y.weight > 0) over (partition by y.block, y.year) < 2 as tells_all
    from   yearly y join closed c using (block)
  ), quarterly as (
    select s.block, s.unit, s.year, s.quarter, s.n, s.co, y.tells_all, y.opens as year_opens,
           y.opens and bool_and(is_safe(s.n, s.co, k)) over u as opens, sum(s.n + s.co) over u as weight,
           s.year = any (open.years) as city_opens
    from   spread s join by_year y using (block, unit, year) cross join city_open(cells, k) as open (years)
    window u as (partition by s.unit, s.year)
  ), known_in_quarters as (
    select q.*, coalesce(sum(n) filter (where not opens) over p, 0) as left_n, coalesce(sum(co) filter (where not opens) over p, 0) as left_co
    from   quarterly q
    where  city_opens
    window p as (partition by quarter)
  ), closing_quarter as (
    select distinct year, quarter, 0 as taken, left_n as n, left_co as co
    from   known_in_quarters
    union all
    select year, quarter, row_number() over w, left_n + sum(n) over w, left_co + sum(co) over w
    from   known_in_quarters
    where  opens
    window w as (partition by quarter order by weight, unit)
  ), closed_quarter as (
    select   year, coalesce(min(taken) filter (where safe), max(taken)) as taken
    from     (select year, taken, bool_and(is_safe(n::bigint, co::bigint, k)) as safe from closing_quarter group by year, taken) as t
    group by year
  ), by_quarter as (
    select q.block, q.unit, q.year, q.quarter, q.year_opens, q.tells_all,
           q.opens and row_number() over (partition by q.quarter, q.opens order by q.weight, q.unit) > coalesce(c.taken, 0) as opens
    from   quarterly q left join closed_quarter c using (year)
  )
  select s.value, s.sector, b.quarter, case when b.tells_all then 'rest' else b.unit end,
         case when b.unit = 'rest' or b.tells_all then 'city' when b.unit like 'sector:%' then 'sector' else 'neighborhood' end,
         case when b.opens then b.quarter when b.year_opens then b.year * 4 else (b.block * 3 + 2) * 4 end,
         case when b.opens then 1 when b.year_opens then 4 else 12 end
  from   settled s join by_quarter b using (block, unit);
end;
comment on function roll_up(statistic_cell[], int) is
  'Which shown sum each group''s quarters go into: a unit (value:, sector: or the rest) over 1, 4 or 12 quarters. No sum below k, but 0, and none that can be told from the others';

create function statistics_of(series text, split text)
returns table (series text, by text, value text, period text, time_rung text, place_rung text, n int, median_days numeric, status text, demo boolean,
               first_quarter int, quarters int)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp set work_mem = '32MB'
begin atomic
  with rule as (
    select (select k from suppression_class where code = 'persons') as k,
           (select (extract(year from d) * 4 + extract(quarter from d) - 1)::int from statistics_until() as d) as until
  ), fact as materialized (
    select   case split when 'category' then f.category when 'neighborhood' then f.neighborhood_code
                        when 'state' then f.state end as value,
             case split when 'neighborhood' then f.sector end as sector, f.quarter, count(*) filter (where is_counted)::int as n,
             count(*) filter (where not is_counted)::int as co, array_agg(days) filter (where is_counted and days is not null) as days,
             coalesce(bool_or(is_demo) filter (where is_counted), false) as demo
    from     statistic_fact f
    where    f.series = statistics_of.series
    group by 1, 2, 3
  ), cell as materialized (
    select coalesce(f.value, '') as value, coalesce(h.sector, f.sector, '') as sector, f.quarter, f.n, f.co, f.days, f.demo
    from   fact f left join neighborhood h on split = 'neighborhood' and h.code = f.value
  ), cells as materialized (
    select coalesce(array_agg(row(value, sector, quarter, n, co)::statistic_cell), '{}') as list from cell
  ), shown as materialized (
    select r.*
    from   cells, rule, roll_up(cells.list, rule.k) as r
    where  (split <> 'none' or statistics_of.series = 'matched') and r.quarter < rule.until
    union all
    select '', '', q, 'rest', 'city', case when rung = 4 then q / 4 * 4 else q end, rung
    from   cells, rule, (select min(quarter) / 4 * 4 as first from cell) as f, generate_series(f.first, rule.until - 1) as q, (values (4), (1)) as r (rung)
    where  split = 'none' and statistics_of.series <> 'matched' and (rung = 4 or q / 4 = any (city_open(cells.list, rule.k)))
  ), sums as (
    select   s.unit, s.place_rung, s.first_quarter, s.quarters, coalesce(sum(c.n), 0)::int as n, coalesce(bool_or(c.demo), false) as demo
    from     rule, shown s left join cell c using (value, sector, quarter)
    group by rule.k, s.unit, s.place_rung, s.first_quarter, s.quarters
    having   statistics_of.series <> 'matched' or is_safe(coalesce(sum(c.n), 0), coalesce(sum(c.co), 0), rule.k)
  ), medians as (
    select   s.unit, s.first_quarter, s.quarters, round(percentile_cont(0.5) within group (order by day)::numeric, 1) as days
    from     shown s join cell c using (value, sector, quarter), unnest(c.days) as day
    group by s.unit, s.first_quarter, s.quarters
    having   count(*) >= (select k from rule)
  )
  select statistics_of.series, split, nullif(substr(s.unit, strpos(s.unit || ':', ':') + 1), ''),
         case s.quarters when 1 then s.first_quarter / 4 || '-Q' || s.first_quarter % 4 + 1 when 4 then (s.first_quarter / 4)::text
                         else s.first_quarter / 4 || '/' || s.first_quarter / 4 + 2 end,
         case s.quarters when 1 then 'quarter' when 4 then 'year' else 'three_years' end,
         case when split = 'neighborhood' then s.place_rung else 'city' end, s.n, m.days,
         case when s.first_quarter + s.quarters <= rule.until then 'final' else 'provisional' end, s.demo, s.first_quarter, s.quarters
  from   rule, sums s left join medians m using (unit, first_quarter, quarters);
end;
comment on function statistics_of(text, text) is
  'The sums of one series, by one thing: what anybody may see of them, and nothing else. The same whoever asks, and for what periods. What is few even in the whole city in three years, of the matched, is not among them';

create function quarter_number(quarter text) returns int
language sql immutable parallel safe
return substr(quarter, 1, 4)::int * 4 + substr(quarter, 7, 1)::int - 1;

create function complaint_statistics(series text, split text)
returns table (series text, by text, value text, period text, time_rung text, place_rung text, n int, median_days numeric, status text, demo boolean,
               first_quarter int, quarters int, place_in_list int)
language sql stable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  select o.*, row_number() over (order by s.nth, first_quarter, quarters desc, value nulls last, place_rung)::int
  from   unnest(case when complaint_statistics.series is null then '{filed,reported,matched}'::text[] else array[complaint_statistics.series] end) with ordinality as s (name, nth),
         statistics_of(s.name, coalesce(split, 'none')) as o;
end;
comment on function complaint_statistics(text, text) is 'One series, or where none is named all of them, by one thing or by none';

commit;
