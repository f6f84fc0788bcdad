-- publication: the counter of the published organizations rises with every transaction that changes what the list shows, and no
-- other: whoever raises it makes the next one wait
insert into neighborhood (id, code, name_es, name_en, boundary, boundary_status, centroid_lat, centroid_lon)
values (gen_random_uuid(), 'testville', 'es', 'en', '{}', 'approximate', 30, -97);
insert into organization (id, kind, name, listed, neighborhood_code) values
  ('00000000-0000-4000-8000-000000000001', 'school', 'Shown',  true,  'testville'),
  ('00000000-0000-4000-8000-000000000002', 'school', 'Hidden', false, 'testville');

-- The counters that a transaction of these statements raises, as a caller (or as the superuser), and by how much.
create function test.raised(role text, statement text) returns text
language plpgsql as $$
declare
  before constant jsonb := (select jsonb_object_agg(topic, revision) from publication);
begin
  perform test.begin_anew();
  if role is null then
    execute statement;
  else
    perform test.touched_as(role, statement, '00000000-0000-4000-8000-000000000002');
  end if;
  return (select coalesce(string_agg(topic || ' ' || revision - coalesce((before ->> topic)::bigint, 0), ', ' order by topic), 'none')
          from   publication
          where  revision is distinct from (before ->> topic)::bigint);
end
$$;

create function test.change(id int, change text) returns text
language sql as $$ select format('update organization set %s where id = ''00000000-0000-4000-8000-%s''', change, lpad(id::text, 12, '0')) $$;

create function test.move(id int, to_state text) returns text
language sql as $$
  select format('insert into organization_transition (id, record_id, to_state, reason) values (gen_random_uuid(), ''00000000-0000-4000-8000-%s'', %L, ''x'')',
                lpad(id::text, 12, '0'), to_state)
$$;

create function test.add(id int, listed boolean) returns text
language sql as $$
  select format('insert into organization (id, kind, name, listed) values (''00000000-0000-4000-8000-%s'', ''media'', ''New'', %L)', lpad(id::text, 12, '0'), listed)
$$;

select test.is(test.raised('coordinator', test.add(3, false)), 'none', 'adding an unlisted organization raises no counter');
select test.is(test.raised('coordinator', test.add(4, true)), 'organizations 1', 'adding a listed one raises it');
select test.is(test.raised('coordinator', test.change(2, 'name = ''Still hidden''')), 'none', 'renaming an unlisted one raises no counter');
select test.is(test.raised('partner', test.change(2, 'name = ''By its partner''')), 'none', 'nor where its partner does');
select test.is(test.raised('coordinator', test.change(1, 'name = ''Renamed''')), 'organizations 1', 'renaming a listed one raises it');
select test.is(test.raised('coordinator', test.change(2, 'listed = true')), 'organizations 1', 'listing raises it');
select test.is(test.raised('partner', test.change(2, 'name = ''Shown now''')), 'organizations 1', 'and then a change by its partner does');
select test.is(test.raised('coordinator', test.change(2, 'listed = false')), 'organizations 1', 'unlisting raises it');
select test.is(test.raised('coordinator', test.move(1, 'suspended')), 'organizations 1', 'suspending a listed one raises it');
select test.is(test.raised('coordinator', test.change(1, 'name = ''While suspended''')), 'none', 'changing it while it is suspended raises no counter');
select test.is(test.raised('coordinator', test.move(1, 'active')), 'organizations 1', 'letting it back raises it');
select test.is(test.raised('coordinator', test.move(2, 'suspended')), 'none', 'suspending an unlisted one raises no counter');
select test.is(test.raised('coordinator', 'update organization set name = name || ''!'''), 'organizations 1', 'a change of many raises it once');
select test.is(test.raised(null, 'update organization set name = name || ''!''; update organization set name = name || ''!'''), 'organizations 1', 'so do two changes');
select test.is(test.raised('coordinator', 'update organization set name = ''x'' where false'), 'none', 'a change of none raises no counter');
select test.ok(test.raised(null, 'update neighborhood set code = ''newville'' where code = ''testville''') like '%organizations 1%',
               'a new code of a neighborhood shows in the list');
select test.ok(test.raised(null, 'update neighborhood set name_en = ''New'' where code = ''newville''') not like '%organizations%',
               'its new name does not');
select test.is(test.raised(null, 'delete from organization where id = ''00000000-0000-4000-8000-000000000003'''), 'none', 'deleting an unlisted one raises no counter');
select test.is(test.raised(null, 'delete from organization where id = ''00000000-0000-4000-8000-000000000001'''), 'organizations 1', 'deleting a listed one raises it');
select test.is(test.raised(null, 'truncate organization, organization_transition cascade'), 'members 1, organizations 1', 'so does deleting all, with the seats below');
select test.is(test.raised(null, test.add(5, true) || ' on conflict (id) do update set listed = false'), 'organizations 1', 'so does adding where something may be in the way');
select test.is(test.raised(null, test.add(5, true) || ' on conflict (id) do update set listed = false'), 'organizations 1', 'and changing what was');
