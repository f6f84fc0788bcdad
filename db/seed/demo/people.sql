-- people: invented ones with roles and seats, all marked. Refuses to load beside real ones. Those that somebody changed stay as they are.
\set people `cat seed/demo/people.json`
do $$
begin
  if exists (select from cpwg.person where not is_demo) and not exists (select from cpwg.person where is_demo) then
    raise exception 'demo data is not loaded: this database holds real people';
  end if;
end
$$;

insert into cpwg.person (id, name, email, language, role, affiliation, organization_id, subject, state, is_demo)
select (p ->> 'id')::uuid, p ->> 'name', p ->> 'email', p ->> 'language', p ->> 'role', p ->> 'affiliation', (p ->> 'organization')::uuid,
       p ->> 'subject', 'active', true
from   jsonb_array_elements(:'people') as p
on conflict (id) do nothing;

insert into cpwg.member (id, person_id, display_name, seat_kind, appointed_by, term_from, term_to, profile_es, profile_en, listed, state, is_demo)
select (s ->> 'id')::uuid, (p ->> 'id')::uuid, s ->> 'display_name', s ->> 'kind', s ->> 'appointed_by', (s ->> 'from')::date, (s ->> 'to')::date,
       s #>> '{profile,es}', s #>> '{profile,en}', (s ->> 'listed')::boolean, s ->> 'state', true
from   jsonb_array_elements(:'people') as p, lateral (select p -> 'seat') as x (s)
where  jsonb_typeof(s) = 'object'
and    not exists (select from cpwg.member m where m.id = (s ->> 'id')::uuid);

select pg_temp.assert_count('person where is_demo and id in (select (p ->> ''id'')::uuid from jsonb_array_elements('
                            || quote_literal(:'people') || ') as p)', jsonb_array_length(:'people'));
