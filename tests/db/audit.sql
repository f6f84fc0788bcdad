-- audit: every change leaves a row, none says what, nobody changes or takes one away; who reads the chain
create function test.rows(n int) returns table (by_subject text, by_role text, action text, record text, record_id uuid)
language sql as $$ select by_subject, by_role, action::text, record, record_id from audit where complaint_id = test.id(n) order by id $$;

-- Whatever table there is or will be
select test.is(string_agg(c.relname, ', '), null::text, 'every table is audited, or it is known why not')
from   pg_class c
where  c.relnamespace = 'cpwg'::regnamespace and c.relkind in ('r', 'p')
and    (select count(distinct e.bit) from pg_trigger t join pg_proc p on p.oid = t.tgfoid and p.proname in ('audit_own', 'audit_change', 'audit_changes', 'audit_truncate'),
                                          unnest('{4,8,16,32}'::int[]) as e (bit)
        where t.tgrelid = c.oid and t.tgenabled = 'O' and t.tgtype & e.bit > 0) < 4
and    c.relname not in (select name from (values
         ('audit', 'is the audit'), ('audit_chain', 'is the audit'),
         ('vocabulary', 'reference data'), ('vocabulary_term', 'reference data'), ('lifecycle', 'reference data'), ('lifecycle_state', 'reference data'),
         ('lifecycle_transition', 'reference data'), ('neighborhood', 'reference data'), ('notice', 'reference data'), ('plan_element', 'reference data'),
         ('suppression_class', 'reference data'), ('source', 'reference data'), ('source_category', 'reference data'), ('source_place', 'reference data'),
         ('deployment', 'says which reference data was loaded when'),
         ('police_record_private', 'replaced with its police record, whose row says so'),
         ('police_record_complainant', 'replaced with its police record, whose row says so'),
         ('police_record_allegation', 'replaced with its police record, whose row says so'),
         ('lifecycle_next', 'derived'), ('complaint_fact', 'derived'), ('published_complaint', 'derived'), ('publication', 'counters'),
         ('idempotency_key', 'technical, gone in a day'), ('api_client_assertion', 'technical, gone in minutes')) as x (name, reason));
select test.is((select string_agg(code, ', ' order by code) from vocabulary_term where vocabulary = 'audit_record' and not retired),
               (select string_agg(name, ', ' order by name)
                from   (select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
                        where  p.proname = 'audit_truncate'
                        union  values ('police_record_private'), ('audit')) as x), 'the vocabulary names what is audited');
select test.is((select string_agg(attname, ', ' order by attnum) from pg_attribute where attrelid = 'audit'::regclass and attnum > 0),
               'id, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id', 'an audit row has no room for content');

-- Filing
select test.become('resident:rosario:resident') as ignored \gset
insert into complaint (id, kind, language, notice_version) values (test.id(1), 'complaint', 'es', '2026-01');
insert into complaint_private (complaint_id, narrative) values (test.id(1), 'narrative');
insert into complaint_contact (complaint_id, party, contact) values (test.id(1), 'complainant', 'contact');
insert into allegation (complaint_id, ordinal, category) values (test.id(1), 1, 'force');
reset role;
select test.is((select string_agg(concat_ws(' ', coalesce(by_subject, '-'), coalesce(by_role, '-'), action, record, record_id = test.id(1)), ', ') from test.rows(1)),
               '- - create complaint t', 'a filing is one row, which does not say who files, nor whether they left a contact');
select set_config('cpwg.filed', '', true) as ignored \gset
update complaint set filed_in = '3' where id = test.id(1);
select test.assign(1, 'cora'), test.assign(1, 'rita', true) \g /dev/null

-- Changes
select test.try_as('coordinator:cora:city', $$insert into complaint_note (id, complaint_id, text) values (test.id(11), test.id(1), 'note')$$) as ignored \gset
select test.is((select concat_ws(' ', by_subject, by_role, action, record, record_id = test.id(11)) from test.rows(1) where record = 'complaint_note'),
               'cora coordinator create complaint_note t', 'what is added to a complaint leaves a row of its own');
update allegation set outcome = 'pending' where complaint_id = test.id(1);
delete from complaint_note where id = test.id(11);
select test.is((select string_agg(action || ' ' || record, ', ') from test.rows(1) where (action, record) in (('change', 'allegation'), ('delete', 'complaint_note'), ('change', 'complaint'))),
               'change complaint, change complaint, change complaint, change complaint, change complaint, change allegation, change complaint, delete complaint_note',
               'changes and deletions do, and what they change elsewhere');
insert into complaint_publication (id) values (test.id(1));
insert into organization (id, kind, name) values (test.id(5), 'police_department', 'Police');
update organization set state = 'active' where id = test.id(5);
insert into referral (id, complaint_id, organization_id) values (test.id(6), test.id(1), test.id(5));
select test.try_as('coordinator:cora:city', $$insert into referral_transition (id, record_id, to_state, reason) values (test.id(7), test.id(6), 'withdrawn', 'x')$$) as ignored \gset
select test.try_as('coordinator:cora:city', $$insert into complaint_transition (id, record_id, to_state, reason) values (test.id(8), test.id(1), 'acknowledged', 'x')$$) as ignored \gset
select test.is((select string_agg(distinct record, ', ' order by record) from test.rows(1) where record like '%transition' or record like '%publication' or record = 'referral'),
               'complaint_publication, complaint_transition, referral, referral_transition', 'all that belongs to a complaint names it');
select test.is((select string_agg(action || ' ' || (complaint_id is null), ', ' order by id) from audit where record = 'organization' and record_id = test.id(5)), 'create true, change true',
               'what belongs to none names none');
insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, body_hash)
select test.id(100 + n), (select min(code) from source), 'audit-' || n, '2026-01-02', 'force', 'force', 'open', 'x' from generate_series(1, 3) as n;
update police_record set status = 'closed' where external_id like 'audit-%';
delete from police_record where external_id = 'audit-2';
select test.is((select string_agg(action || ' ' || n, ', ' order by action) from (select action, count(*) as n from audit where record = 'police_record' and record_id between test.id(101) and test.id(103) group by action) as x),
               'change 3, create 3, delete 1', 'many at once leave a row each');
truncate complaint_link;
select test.is((select concat_ws(' ', action, record, record_id is null) from audit order by id desc limit 1), 'delete complaint_link t', 'emptying a table leaves one');

-- Reads
insert into recusal (id, complaint_id, subject, reason) values (test.id(12), test.id(1), 'else', 'x');
select test.try_as('coordinator:cora:city', $$select audit_row('read', r, test.id(n)) from (values ('complaint_private', 1), ('referral', 6), ('referral_transition', 6), ('recusal', 1), ('recusal', 12), ('publication_check', 1), ('police_record_private', 9), ('person_transition', 9), ('unheard_of', 9)) as x (r, n)$$) as ignored \gset
select test.is((select string_agg(record || ' ' || coalesce(right(complaint_id::text, 1), '-'), ', ' order by id) from audit where action = 'read' and by_subject = 'cora'),
               'complaint_private 1, referral 1, referral_transition 1, recusal 1, recusal 1, publication_check 1, police_record_private -, person_transition -, unheard_of 9', 'a reading names its complaint; what is unknown counts as one');

select test.is(test.try_as('auditor:aldo:police', $$select audit_row('read', 'audit', null)$$), 'fine', 'reading the audit leaves a row, whatever the affiliation');
select test.is((select concat_ws(' ', by_subject, record_id is null, complaint_id is null) from audit where record = 'audit'), 'aldo t t', 'of a list, and of no complaint');

-- Append-only, whoever asks
select test.is(test.try_as(role, s), state, coalesce(role, 'a superuser') || ' cannot: ' || s)
from   (values ('owner', 'CW006'), ('worker', '42501'), ('auditor', '42501'), ('coordinator', '42501')) as x (role, state),
       unnest('{"update audit set by_subject = null","delete from audit","truncate audit","update audit_chain set hash = ''x''","delete from audit_chain","truncate audit_chain"}'::text[]) as s;
create function test.try(statement text) returns text language plpgsql as $$
begin
  execute statement;
  return 'fine';
exception when others then
  return sqlstate;
end $$;
select test.is(test.try(s), 'CW006', 'nor a superuser, who leaves the triggers on: ' || s)
from   unnest('{"update audit set by_subject = null","delete from audit","truncate audit","update audit_chain set hash = ''x''","delete from audit_chain","truncate audit_chain"}'::text[]) as s;
select test.is(test.try_as(role, 'insert into audit (at, action, record) values (now(), ''read'', ''x'')'), '42501', role || ' adds no row by hand')
from   unnest('{worker,auditor,coordinator,case_handler,public}'::text[]) as role;
select test.is(test.try_as(role, 'insert into audit_chain (position, audit_id, at, action, record, hash) values (-1, -1, now(), ''read'', ''x'', '''')'), '42501', role || ' chains nothing')
from   unnest('{owner,auditor,coordinator,case_handler,public}'::text[]) as role;
select test.is(test.try_as(role, 'select * from audit'), '42501', role || ' reads nothing that is not chained')
from   unnest('{auditor,coordinator,case_handler,public,publisher,police_staff}'::text[]) as role;
select test.is(test.count_as('owner', 'select * from ' || t), 0::bigint, 'not even the owner reads ' || t) from unnest('{audit,audit_chain}'::text[]) as t;

-- The worker chains
select test.ok(test.count_as('worker', 'select * from audit') > 20, 'the worker reads what is to be chained');
select test.is(test.try_as('worker', $$insert into audit_chain (position, audit_id, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id, hash)
  select -id, -id, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id, '' from audit where complaint_id = test.id(1) or record_id = test.id(5)$$), 'fine', 'and chains it');
select test.ok(test.count_as('worker', 'select * from audit_chain where position < 0') > 20, 'the worker reads the chain');
select test.is(test.try_as('worker', 'select * from ' || t), '42501', 'the worker reads no ' || t) from unnest('{organization,complaint,complaint_private,case_key}'::text[]) as t;

-- Who reads it
select test.is(test.count_as(who, 'select * from audit_record where position < 0 and record = ''complaint_private'''), n::bigint, who || ' sees ' || n || ' readings of private text')
from   (values ('auditor:aldo:resident', 1), ('auditor:aldo:city', 1), ('auditor:polo:police', 0), ('auditor:aldo:', 0), ('auditor:rita:resident', 0)) as x (who, n);
select test.is(test.count_as(who, 'select * from audit_record where position < 0 and record_id = test.id(5)'), 2::bigint, who || ' sees what belongs to no complaint')
from   unnest('{auditor:aldo:resident,auditor:polo:police,auditor:rita:resident}'::text[]) as who;
select test.is(test.try_as(role, 'select * from ' || t), '42501', role || ' reads no ' || t)
from   unnest('{public,case,resident,member,case_handler,publisher,police_source,police_staff,city,partner,council,coordinator}'::text[]) as role, unnest('{audit_chain,audit_record}'::text[]) as t;
select test.is(test.try_as('auditor', format('select %I from audit_chain', c)), case when c in ('hash', 'audit_id') then '42501' else 'fine' end, 'the auditor and the column ' || c)
from   unnest('{position,at,by_subject,by_role,by_affiliation,action,record,record_id,complaint_id,audit_id,hash}'::text[]) as c;
select test.ok(test.index_condition_as('auditor', 'select * from audit_record where ' || c) like '%' || column_of || '%', 'an index serves ' || c)
from   (values ('record = ''referral''', 'record ='), ('record_id = test.id(1)', 'record_id ='), ('complaint_id = test.id(1)', 'complaint_id ='), ('by_subject = ''cora''', 'by_subject ='),
               ('action = ''delete''', 'action ='), ('at >= ''2026-01-01'' and at < ''2026-01-02''', 'at >=')) as x (c, column_of);

-- Without an audit nothing is done
drop policy owner_adds on audit;
select test.is(test.try_as('coordinator:cora:city', s), '42501', 'without an audit row: ' || s)
from   unnest('{"insert into organization (id, kind, name, listed) values (test.id(30), ''other'', ''x'', false)","insert into complaint_note (id, complaint_id, text) values (test.id(31), test.id(1), ''note'')",
                "select audit_row(''read'', ''complaint_private'', test.id(1))"}'::text[]) as s;
select test.is((select count(*) from organization where id = test.id(30)) + (select count(*) from complaint_note where id = test.id(31)), 0::bigint, 'nothing is done');
