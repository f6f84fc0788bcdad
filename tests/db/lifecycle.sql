-- lifecycle: states move only by transitions that the lifecycle opens to the caller
insert into organization (id, kind, name) values ('00000000-0000-4000-8000-000000000001', 'school', 'Moving');
select test.is(o.state, i.state, 'a new record stands in the initial state')
from   organization o, lifecycle_state i
where  o.id = '00000000-0000-4000-8000-000000000001' and i.record = 'organization' and i.is_initial;

create function test.move(role text, to_state text, reason text default null, organization text default '') returns text
language sql as $$
  select test.try_as(role, format('insert into organization_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, %L, %L)',
                                  '00000000-0000-4000-8000-000000000001', to_state, reason), organization)
$$;

select test.is(test.move('coordinator', 'retired'), 'CW008 this transition needs a reason', 'a reason must be given where one is required');
select test.is(test.move('coordinator', 'active', 'because'), 'CW001 suspended, retired', 'an illegal transition names the legal ones');
select test.is(test.move('coordinator', 'nowhere', 'because'), 'CW001 suspended, retired', 'an unknown state is an illegal transition');
select test.is(test.move('coordinator', 'suspended', 'because'), 'fine', 'coordinator moves');
select test.is(state || ' ' || revision, 'suspended 2', 'the record moves and its revision rises') from organization where id = '00000000-0000-4000-8000-000000000001';
select test.is(from_state || ' ' || to_state || ' ' || reason || ' ' || by_subject || ' ' || by_role, 'active suspended because someone coordinator',
               'who, when and why is kept')
from   organization_transition where record_id = '00000000-0000-4000-8000-000000000001';
select test.is(test.move('coordinator', 'active'), 'fine', 'no reason is needed where none is required');
select test.is(test.try_as('coordinator', $$insert into organization_transition (id, record_id, to_state) values (gen_random_uuid(), gen_random_uuid(), 'active')$$),
               'CW005', 'a transition of nothing is not found');
select test.is(test.move(role, 'suspended', 'because', '00000000-0000-4000-8000-000000000001'), '42501', role || ' moves nothing')
from   unnest('{public,member,partner,city,auditor,publisher}'::text[]) as role;

select test.is(test.count_as(role, 'select * from organization_transition where record_id = ''00000000-0000-4000-8000-000000000001'''), 2::bigint, role || ' reads the history')
from   unnest('{coordinator,auditor}'::text[]) as role;
select test.is(test.try_as(role, 'select * from organization_transition'), '42501', role || ' does not read the history')
from   unnest('{public,member,partner,city,publisher}'::text[]) as role;
select test.is(test.try_as('coordinator', s), '42501', 'the history is append-only: ' || s)
from   unnest('{"update organization_transition set reason = null","delete from organization_transition"}'::text[]) as s;
select test.is(test.try_as('coordinator', format('insert into organization_transition (id, record_id, to_state, reason, %I) values (gen_random_uuid(), gen_random_uuid(), ''retired'', ''x'', default)', c)),
               '42501', 'coordinator does not write ' || c)
from   unnest('{from_state,by_subject,by_role,at}'::text[]) as c;

select test.is(test.try_as('coordinator', format('insert into organization_transition (%I) select %I from organization_transition where false', c, c)),
               'fine', 'coordinator writes ' || c)
from   unnest('{id,record_id,to_state,reason,public_note_es,public_note_en}'::text[]) as c;

-- `next` is what this caller may do
select test.become('coordinator') as ignored \gset
select test.is(next, '{suspended,retired}', 'next lists the states open to the caller') from organization_record where id = '00000000-0000-4000-8000-000000000001';
reset role;
select test.become('member') as ignored \gset
select test.is(next, '{}', 'next is empty for who may do nothing') from organization_record where id = '00000000-0000-4000-8000-000000000001';
reset role;

-- Lifecycles are data, and lifecycle_next follows them
update lifecycle_transition set roles = '{coordinator,publisher}' where record = 'organization' and from_state = 'active' and to_state = 'retired';
select test.become('publisher') as ignored \gset
select test.is(next, '{retired}', 'a lifecycle changes without a release') from organization_record where id = '00000000-0000-4000-8000-000000000001';
reset role;

select test.is(string_agg(l.record, ', '), null::text, 'every record of a lifecycle begins in its initial state')
from   lifecycle l left join information_schema.columns c on c.table_schema = 'cpwg' and c.table_name = l.record and c.column_name = 'state'
       left join lifecycle_state s on s.record = l.record and s.is_initial
where  c.column_default is distinct from quote_literal(s.state) || '::text';
update lifecycle_state set is_initial = false where record = 'organization';
select test.is(test.try_as('coordinator', 'insert into organization (id, kind, name) values (gen_random_uuid(), ''school'', ''Nowhere'')'), '23502', 'where a lifecycle begins nowhere, nothing is added');
update lifecycle_state set is_initial = true where record = 'organization' and state = 'suspended';
select test.is(test.try_as('coordinator', format('insert into organization (id, kind, name) values (%L, ''school'', ''Late'')', test.id(2))), 'fine', 'one is added');
select test.is(state, 'suspended', 'and stands where the lifecycle now begins') from organization where id = test.id(2);
select test.is(test.try_as('coordinator', 'insert into organization (id, kind, name, state) values (gen_random_uuid(), ''school'', ''Bold'', ''active'')'), '42501',
               'nobody says where their own begins');

-- No foreign key holds states and records together
create function test.stray() returns text
language plpgsql as $$
declare
  kind text;
  n    bigint;
begin
  for kind in select record from lifecycle loop
    execute format('select count(*) from %I where state not in (select state from lifecycle_state where record = %L)', kind, kind) into n;
    if n > 0 then
      return n || ' of ' || kind;
    end if;
  end loop;
  return 'none';
end
$$;
create function test.tried(statement text) returns text
language plpgsql as $$
begin
  execute statement;
  return 'fine';
exception
  when others then
    return sqlstate;
end
$$;
insert into lifecycle_state (record, state, position, label_es, label_en) values ('organization', 'unused', 99, 'x', 'x');
select test.is(test.stray(), 'none', 'every record stands in a state of its lifecycle');
select test.is(test.tried(statement), state, format('%s: %s', state, statement))
from   (values ('23503', $$delete from lifecycle_state where record = 'organization' and state = 'active'$$),
               ('23503', $$update lifecycle_state set state = 'living' where record = 'organization' and state = 'active'$$),
               ('23503', $$update lifecycle_state set record = 'member' where record = 'organization' and state = 'active'$$),
               ('23503', $$delete from lifecycle_state where record = 'organization' and state = 'suspended'$$),
               ('23503', $$delete from lifecycle where record = 'complaint'$$),
               ('23503', $$truncate lifecycle_state cascade$$),
               ('fine',  $$update lifecycle_state set label_en = 'At work' where record = 'organization' and state = 'active'$$),
               ('fine',  $$update lifecycle_state set state = 'never' where record = 'organization' and state = 'unused'$$),
               ('fine',  $$delete from lifecycle_state where record = 'organization' and state = 'never'$$)) as x (state, statement);
