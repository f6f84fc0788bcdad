-- organizations: invented ones, all marked. Refuses to load beside real ones. Those that somebody changed stay as they are.
\set organizations `cat seed/demo/organizations.json`
do $$
begin
  if exists (select from cpwg.organization where not is_demo) and not exists (select from cpwg.organization where is_demo) then
    raise exception 'demo data is not loaded: this database holds real organizations';
  end if;
end
$$;

insert into cpwg.organization (id, kind, name, description_es, description_en, website, contact_email, languages,
                               neighborhood_code, listed, state, is_demo)
select (o ->> 'id')::uuid, o ->> 'kind', o ->> 'name', o #>> '{description,es}', o #>> '{description,en}', o ->> 'website',
       o ->> 'contact_email', array(select jsonb_array_elements_text(o -> 'languages')), o ->> 'neighborhood',
       (o ->> 'listed')::boolean, o ->> 'state', true
from   jsonb_array_elements(:'organizations') as o
on conflict (id) do nothing;

select pg_temp.assert_count('organization where is_demo and id in (select (o ->> ''id'')::uuid from jsonb_array_elements('
                            || quote_literal(:'organizations') || ') as o)', jsonb_array_length(:'organizations'));
