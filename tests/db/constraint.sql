-- constraint: what a client can run into of the database's constraints is told in words; and no words are left of what is there no more
\set words `grep -oE '(TAKEN|MISSING)\("[a-z_]+"' ../../api/render/phrase.c | tr -d '"' | tr '\n' ' '`
create temporary table told on commit drop as
select said[1] = 'TAKEN' as taken, said[2] as name from regexp_matches(:'words', '(TAKEN|MISSING)\(([a-z_]+)', 'g') as said;

-- Unique indexes, those of constraints too, and foreign keys, with the columns whose values decide
create temporary table guarded on commit drop as
select i.indrelid as t, c.relname::text as name, true as taken, array(select k from unnest(i.indkey::int2[]) as k where k > 0) as columns
from   pg_index i join pg_class c on c.oid = i.indexrelid
where  c.relnamespace = 'cpwg'::regnamespace and i.indisunique
union all
select conrelid, conname::text, contype = 'x', conkey from pg_constraint where connamespace = 'cpwg'::regnamespace and contype in ('f', 'x');

-- A caller's role may write one of them; the id of what is made is random, unless it is another record's
create temporary table open on commit drop as
select g.*
from   guarded g
where  exists (select from pg_roles r, unnest(g.columns) as k
               where  r.rolname like 'cpwg\_%' and r.rolname not in ('cpwg_owner', 'cpwg_api', 'cpwg_worker')
               and    (has_column_privilege(r.oid, g.t, k, 'insert') or has_column_privilege(r.oid, g.t, k, 'update')))
and    not (g.taken and exists (select from pg_attribute a
                                where  a.attrelid = g.t and g.columns = array[a.attnum] and a.attname = 'id'
                                and    not exists (select from pg_constraint f where f.conrelid = g.t and f.contype = 'f' and f.conkey = g.columns)));

create temporary table never on commit drop as
select * from (values
  ('complaint_private_pkey',                    'one row of a complaint that is just being filed'),
  ('complaint_contact_pkey',                    'each party is one member of the body'),
  ('complainant_pkey',                          'ordinals are the places in the body'),
  ('allegation_complaint_id_ordinal_key',       'number() counts under the lock of the complaint'),
  ('police_record_source_code_external_id_key', 'push_police_records() answers each row'),
  ('police_record_private_pkey',                'push_police_records() replaces it'),
  ('police_record_complainant_pkey',            'push_police_records() replaces the set'),
  ('police_record_allegation_pkey',             'push_police_records() replaces the set'),
  ('shown_before',                              'whose assertion was shown before is refused as any client is')
) as x (name, why);

select test.ok(count(*) > 30, 'constraints are looked at') from open;
select test.ok(exists (select from told where (told.name, told.taken) = (o.name, o.taken)), 'a client is told in words of ' || o.name || ' of ' || o.t::regclass)
from   open o
where  o.name not in (select name from never);
select test.ok(exists (select from open o where o.name = n.name), 'the exception ' || name || ' is one') from never n;
select test.ok(exists (select from guarded g where (g.name, g.taken) = (told.name, told.taken)), 'there is a constraint ' || name) from told;
