-- push: a police department's system, with what its words mean, and a table for the same rows as they come
begin;
set local search_path = cpwg;

insert into source (code, name_es, name_en) values ('bench', 'Sistema', 'System');

insert into source_category (source_code, value, category, version)
values ('bench', 'physical abuse', 'force', '2026'), ('bench', 'verbal abuse', 'discourtesy', '2026'), ('bench', 'lack of service', 'lack_of_service', '2026');

insert into source_place (source_code, district, neighborhood_code)
select 'bench', row_number() over (order by code), code from neighborhood;

create table bench_sent (
  external_id    text,
  received_on    date,
  occurred_on    date,
  category       text,
  district       text,
  status         text,
  closed_on      date,
  narrative      text,
  race           text,
  sex            text,
  age_band       text,
  how_known      text,
  alleged        text,
  finding        text,
  finding_status text,
  decided_by     text,
  outcome        text
);

commit;
