-- listNeighborhoods: the neighborhoods by code; outlines in GeoJSON alone
-- guard
select revision as "_revision" from publication where topic = 'neighborhoods';

select   id, code, name_es as "name.es", name_en as "name.en", sector, boundary_status,
         centroid_lat as "centroid.lat", centroid_lon as "centroid.lon"
         , boundary as geometry  --? geojson
from     neighborhood
where    true
and      sector = :sector    --?
and      code > :after_code  --?
order by code
limit    :limit;
