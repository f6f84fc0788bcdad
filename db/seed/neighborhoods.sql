-- neighborhoods: loads reference/neighborhoods.geojson. Those that the file no longer has go, unless something refers to them.
\set neighborhoods `cat seed/reference/neighborhoods.geojson`
create temporary table wanted_neighborhood on commit drop as
select (f ->> 'id')::uuid as id, f -> 'geometry' as boundary, p.*
from   json_array_elements(:'neighborhoods'::json -> 'features') as f,
       json_to_record(f -> 'properties') as p (code text, name_es text, name_en text, sector text, boundary_status text,
                                               centroid_lat numeric, centroid_lon numeric);

delete from cpwg.neighborhood where id not in (select id from wanted_neighborhood);

insert into cpwg.neighborhood as n (id, code, name_es, name_en, sector, boundary, boundary_status, centroid_lat, centroid_lon)
select id, code, name_es, name_en, sector, boundary, boundary_status, centroid_lat, centroid_lon
from   wanted_neighborhood
on conflict (id) do update
set    (code, name_es, name_en, sector, boundary, boundary_status, centroid_lat, centroid_lon) =
       (excluded.code, excluded.name_es, excluded.name_en, excluded.sector, excluded.boundary, excluded.boundary_status,
        excluded.centroid_lat, excluded.centroid_lon)
where  (n.code, n.name_es, n.name_en, n.sector, n.boundary::text, n.boundary_status, n.centroid_lat, n.centroid_lon) is distinct from
       (excluded.code, excluded.name_es, excluded.name_en, excluded.sector, excluded.boundary::text, excluded.boundary_status,
        excluded.centroid_lat, excluded.centroid_lon);

select pg_temp.assert_count('neighborhood', json_array_length(:'neighborhoods'::json -> 'features'));
