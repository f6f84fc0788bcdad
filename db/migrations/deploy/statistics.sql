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

create function is_safe(n numeric, co numeric, k int) returns boolean
language sql immutable parallel safe
return (n = 0 or n >= k) and (co = 0 or co >= k);

-- Where each group's quarters go, each year by itself:
--   pool    a group that has less than k goes to the rest of its sector, that to the rest of the city, and with it the smallest others until
--           the rest may be shown
--   close   a unit is shown by quarters where each may be shown. The city's quarters are known to whoever keeps the sums of its running year:
--           what is not shown by quarter is known together, and must be 0 or k at least; until it is, the smallest others are shown by year.
--           Where the city's own are too few for that, nothing is shown by quarter, and one unit that is all of the city not at all
-- Then whatever is not shown closely is spread over two groups and two quarters at least, whose sums are all k or more: by no sum can a
-- cell below k be told. And a year that is over is shown once: there is no smaller sum that it grew from
create function roll_up(cells statistic_cell[], k int)
returns table (value text, sector text, quarter int, unit text, place_rung text, first_quarter int, quarters int)
language sql immutable set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  with cell as ( -- every group in every quarter of its year
    select g.value, g.sector, g.year, g.year * 4 + nth as quarter, coalesce(c.n, 0) as n, coalesce(c.co, 0) as co
    from   (select distinct value, sector, quarter / 4 as year from unnest(cells)) as g
           cross join generate_series(0, 3) as nth
           left join unnest(cells) as c on (c.value, c.sector, c.quarter) = (g.value, g.sector, g.year * 4 + nth)
  ), named as (
    select c.*, value <> '' and sum(n) over g > 0 and is_safe(sum(n) over g, sum(co) over g, k) as stands
    from   cell c
    window g as (partition by year, value, sector)
  ), placed as (
    select n.*, case when stands then 'value:' || value
                     when sector <> '' and sum(n) over s > 0 and is_safe(sum(n) over s, sum(co) over s, k) then 'sector:' || sector
                     else 'rest' end as place
    from   named n
    window s as (partition by year, sector, stands)
  ), pooling as ( -- the rest, then with the smallest 1, 2, ... others
    select   year, place, row_number() over w as nth, is_safe(sum(sum(n)) over w, sum(sum(co)) over w, k) as enough
    from     placed
    group by year, place
    window w as (partition by year order by place <> 'rest', sum(n + co), place)
  ), pooled as (
    select year, place, case when coalesce(bool_or(enough) over before, place <> 'rest') then place else 'rest' end as unit
    from   pooling
    window before as (partition by year order by nth rows between unbounded preceding and 1 preceding)
  ), quarterly as (
    select   year, unit, quarter, sum(n) as n, sum(co) as co
    from     placed join pooled using (year, place)
    group by year, unit, quarter
  ), opening as (
    select q.*, sum(n + co) over u as weight, bool_and(is_safe(n, co, k)) over u as opens
    from   quarterly q
    window u as (partition by year, unit)
  ), closing as ( -- all that do not open, then with the smallest 1, 2, ... others
    select o.*, is_safe(sum(n) over w, sum(co) over w, k) as enough
    from   opening o
    window w as (partition by quarter order by opens, case when opens then weight end, case when opens then unit end)
  ), closed as (
    select   year, unit, weight, opens, bool_and(enough) as enough
    from     closing
    group by year, unit, weight, opens
  ), shown as (
    select year, unit, opens and coalesce(bool_or(enough) over before, true) as by_quarter,
           not bool_or(enough) over y and count(*) filter (where weight > 0) over y < 2 as is_all
    from   closed
    window y as (partition by year),
           before as (y order by opens, weight, unit rows between unbounded preceding and 1 preceding)
  )
  select value, sector, quarter, u.name, case u.name when 'rest' then 'city' when 'sector:' || sector then 'sector' else 'neighborhood' end,
         case when by_quarter then quarter else year * 4 end, case when by_quarter then 1 else 4 end
  from   placed join pooled using (year, place) join shown using (year, unit), lateral (select case when is_all then 'rest' else unit end) as u (name);
end;
comment on function roll_up(statistic_cell[], int) is
  'Which shown sum each group''s quarters go into: a unit (value:, sector: or the rest) in a quarter or a year. No sum below k, but 0 and that of the whole city, and none that can be told from the others';

create function statistics_of(series text, split text)
returns table (series text, by text, value text, period text, time_rung text, place_rung text, n int, median_days numeric, status text, demo boolean,
               first_quarter int, quarters int)
language sql stable security definer set search_path = pg_catalog, cpwg, pg_temp set work_mem = '32MB'
begin atomic
  with rule as ( -- the city's years always show, and with them the running one; all else when the year is over
    select (select k from suppression_class where code = 'persons') as k, always, d.quarter, case when always then d.quarter else d.quarter / 4 * 4 end as until
    from   (select (extract(year from d) * 4 + extract(quarter from d) - 1)::int from statistics_until() as d) as d (quarter),
           (select split = 'none' and statistics_of.series <> 'matched') as s (always)
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
    from   rule, fact f left join neighborhood h on split = 'neighborhood' and h.code = f.value
    where  f.quarter < rule.until
  ), shown as materialized (
    select r.*
    from   rule, roll_up((select coalesce(array_agg(row(value, sector, quarter, n, co)::statistic_cell), '{}') from cell), rule.k) as r
    where  r.quarter < rule.until
    union
    select '', '', q, 'rest', 'city', q / 4 * 4, 4
    from   rule, (select min(quarter) from cell) as f (first), generate_series(f.first, rule.until - 1) as q
    where  rule.always
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
         s.first_quarter / 4 || case s.quarters when 1 then '-Q' || s.first_quarter % 4 + 1 else '' end, case s.quarters when 1 then 'quarter' else 'year' end,
         case when split = 'neighborhood' then s.place_rung else 'city' end, s.n, m.days,
         case when s.first_quarter + s.quarters <= rule.quarter then 'final' else 'provisional' end, s.demo, s.first_quarter, s.quarters
  from   rule, sums s left join medians m using (unit, first_quarter, quarters);
end;
comment on function statistics_of(text, text) is
  'The sums of one series, by one thing: what anybody may see of them, and nothing else. The same whoever asks, and for what periods. Years in which few of the whole city are matched, or all but few, are not among them';

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
