-- allegation: what is alleged and found, how it ended (resolution), and what a complaint is linked to (complaint_link)
select count(test.file_complaint(n)) as ignored from generate_series(1, 2) as n \gset
select count(test.assign(1, who)) as ignored from unnest('{cora,hugo}'::text[]) as who \gset
select test.assign(2, 'hana') as ignored, test.assign(1, 'rosa', true) as ignored, test.assign(1, 'rita', true) as ignored \gset
insert into resolution (id, complaint_id, text_es, text_en) select test.id(n * 10), test.id(n), 'es', 'en' from generate_series(1, 2) as n;
insert into complaint_link (id, complaint_id, kind, target) select test.id(n * 10), test.id(n), 'external', 'x' from generate_series(1, 2) as n;
create function test.both() returns text language sql as
$$ select ' where complaint_id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'')' $$;

select test.is(test.count_as(who, 'select * from ' || t || test.both()), n::bigint, who || ' reads ' || n || ' of two: ' || t)
from   unnest('{allegation,allegation_record}'::text[]) as t, (values ('coordinator:petra:police', 2), ('case_handler:hugo:police', 1)) as x (who, n);
select test.is(test.count_as(who, 'select * from ' || t || test.both()), 0::bigint, who || ' reads no ' || t || ': affiliation comes before role')
from   unnest('{resolution,complaint_link}'::text[]) as t, unnest('{coordinator:petra:police,case_handler:hugo:police,auditor:aldo:police,coordinator:carla:,auditor:aldo:}'::text[]) as who;
select test.is(test.count_as(who, 'select * from ' || t || test.both()), n::bigint, who || ' reads ' || n || ' of two: ' || t)
from   unnest('{allegation,allegation_record,resolution,complaint_link}'::text[]) as t,
       (values ('coordinator:carla:city', 2), ('auditor:aldo:resident', 2), ('case_handler:hugo:city', 1), ('case_handler:nils:city', 0),
               ('coordinator:rosa:city', 1), ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.try_as(role, format('select * from %I', t)), '42501', role || ' does not read ' || t)
from   unnest('{allegation,allegation_record,resolution,complaint_link}'::text[]) as t, unnest('{public,member,publisher,police_staff,city,partner,council}'::text[]) as role;

-- Adding
create function test.add(who text, t text, n int) returns text
language sql as $$
  select test.try_as(who, format(case t
    when 'allegation'     then 'insert into allegation (id, complaint_id, category) values (gen_random_uuid(), %L, ''drugs'')'
    when 'resolution'     then 'insert into resolution (id, complaint_id, text_es, text_en, actions) values (gen_random_uuid(), %L, ''es'', ''en'', ''{}'')'
    when 'complaint_link' then 'insert into complaint_link (id, complaint_id, kind, target) values (gen_random_uuid(), %L, ''need'', ''' || who || ''')' end, test.id(n)))
$$;
select test.is(test.add(who, t, 1), 'fine', who || ' adds to what they handle: ' || t)
from   unnest('{allegation,resolution,complaint_link}'::text[]) as t, unnest('{coordinator:cora:city,case_handler:hugo:city}'::text[]) as who;
select test.is(test.add(who, t, 1), '42501', who || ' adds no ' || t)
from   unnest('{allegation,resolution}'::text[]) as t, unnest('{coordinator:carla:city,case_handler:nils:city,coordinator:rosa:city,case_handler:rita:city,auditor:aldo:city,case_handler:hana:city}'::text[]) as who;
select test.is(test.add(who, t, 1), '42501', who || ' adds no ' || t || ' to what they handle')
from   unnest('{allegation,resolution,complaint_link}'::text[]) as t, unnest('{coordinator:cora:police,case_handler:hugo:police,coordinator:cora:,case_handler:hugo:}'::text[]) as who;
select test.is(test.add('coordinator:carla:city', 'complaint_link', 1), 'fine', 'a coordinator links what they are not assigned to');
select test.is(test.add(who, 'complaint_link', 1), '42501', who || ' links nothing')
from   unnest('{case_handler:nils:city,coordinator:rosa:city,case_handler:rita:city,auditor:aldo:city}'::text[]) as who;
select test.is(test.try_as('case_handler:hugo:city', 'insert into complaint_link (id, complaint_id, kind, target) values (gen_random_uuid(), test.id(1), ''external'', ''x'')'), '23505', 'nothing is linked twice');
select test.is(string_agg(ordinal::text, ',' order by ordinal), '1,2,3', 'allegations are numbered') from allegation where complaint_id = test.id(1);
select test.is(string_agg(by_subject, ', ' order by at), 'cora, hugo', 'who resolved is kept') from resolution where complaint_id = test.id(1) and by_subject is not null;
select test.is(string_agg(by_subject, ', ' order by at), 'cora, hugo, carla', 'who linked is kept') from complaint_link where complaint_id = test.id(1) and by_subject is not null;

-- Findings
select test.is(test.touched_as(who, 'update allegation set revision = revision + 1, outcome = ''pending''' || test.both()), n::bigint, who || ' changes ' || n)
from   (values ('case_handler:hugo:city', 3), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.touched_as('coordinator:cora:city', 'update allegation set outcome = ''discipline'' where complaint_id = ''00000000-0000-4000-8000-000000000001'''), 3::bigint, 'a coordinator who is assigned changes');
select test.is(test.try_as('coordinator:carla:city', 'update allegation set outcome = ''pending'' where complaint_id = ''00000000-0000-4000-8000-000000000001'''), '42501', 'one who is not assigned is refused');
select test.is(test.try_as(who, format('update allegation set outcome = ''pending'' where complaint_id = %L', test.id(1))), '42501', who || ' is refused, too')
from   unnest('{coordinator:cora:police,case_handler:hugo:police,coordinator:cora:,case_handler:hugo:}'::text[]) as who;
select test.is(test.touched_as('coordinator:rosa:city', 'update allegation set outcome = ''pending'' where complaint_id = ''00000000-0000-4000-8000-000000000001'''), 0::bigint, 'a recused one finds nothing to change');
select test.is(test.count_as(who, 'select * from allegation_record where complaint_id = ''00000000-0000-4000-8000-000000000001'' for update'), 3::bigint, who || ' locks them')
from   unnest('{coordinator:carla:city,case_handler:hugo:city}'::text[]) as who;
select test.is(test.try_as('case_handler:hugo:city', 'update allegation set ' || change), state, 'a finding has its rules: ' || change)
from   (values ('finding = ''sustained''', '23514'), ('finding_status = ''final''', '23514'), ('finding = ''sustained'', finding_status = ''pending''', 'fine'),
               ('finding_status = ''final''', '23514'), ('finding_status = ''final'', decided_by = ''arbitrator''', 'fine'), ('decided_by = null', '23514'),
               ('decided_on = ''0001-01-01 BC''', 'CW008 decided_on is before 1900 or in the future'), ('decided_on = ''9999-12-31''', 'CW008 decided_on is before 1900 or in the future'),
               ('decided_on = ''1950-01-01''', 'fine')) as x (change, state);
select test.is(test.try_as('auditor:aldo:city', s), '42501', 'an auditor cannot: ' || s)
from   unnest('{"update allegation set category = ''other''","update resolution set text_es = ''x''","delete from complaint_link"}'::text[]) as s;
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{coordinator:cora:city,case_handler:hugo:city}'::text[]) as role,
       unnest('{"delete from allegation","update allegation set complaint_id = gen_random_uuid()","update allegation set ordinal = 7","update resolution set text_es = ''x''","delete from resolution","update complaint_link set target = ''y''"}'::text[]) as s;
select test.is(test.try_as(role, format('update allegation set %I = default where false', c)), 'fine', role || ' changes ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{revision,category,finding,finding_status,decided_by,reported_by,outcome,decided_on}'::text[]) as c;
select test.is(test.try_as(role, format('insert into %I (%I) select %I from %I where false', t, c, c, t)), 'fine', role || ' sets ' || c || ' of ' || t)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       (values ('allegation', '{id,complaint_id,category,finding,finding_status,decided_by,reported_by,outcome,decided_on}'::text[]), ('resolution', '{id,complaint_id,text_es,text_en,actions}'),
               ('complaint_link', '{id,complaint_id,kind,target}')) as x (t, columns), unnest(columns) as c;
select test.is(test.try_as(role, format('insert into %I (%I) select %I from %I where false', t, c, c, t)), '42501', role || ' does not set ' || c || ' of ' || t)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       (values ('allegation', 'revision'), ('allegation', 'created_at'), ('resolution', 'by_subject'), ('resolution', 'at'), ('complaint_link', 'by_subject'), ('complaint_link', 'at')) as x (t, c);

-- Taking links away
select test.is(test.touched_as(who, 'delete from complaint_link where id = ''00000000-0000-4000-8000-000000000010'''), 0::bigint, who || ' takes no link away')
from   unnest('{case_handler:nils:city,coordinator:rosa:city,case_handler:rita:city,coordinator:petra:police,case_handler:hugo:police}'::text[]) as who;
select test.is(test.touched_as('case_handler:hana:city', 'delete from complaint_link'), 1::bigint, 'a case handler takes away links of their own alone, not even without looking');
insert into complaint_link (id, complaint_id, kind, target) values (test.id(20), test.id(2), 'external', 'x');
select test.is(test.touched_as('case_handler:hugo:city', 'update allegation set outcome = ''pending'''), 3::bigint, 'nor do they change others'' allegations');
select test.is(test.touched_as('case_handler:hugo:city', 'delete from complaint_link where id = ''00000000-0000-4000-8000-000000000010'''), 1::bigint, 'who handles it takes a link away');
select test.is(test.touched_as('coordinator:carla:city', 'delete from complaint_link where id = ''00000000-0000-4000-8000-000000000020'''), 1::bigint, 'so does a coordinator who does not');
