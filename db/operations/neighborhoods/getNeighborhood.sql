-- getNeighborhood: one neighborhood with its outline
select n.id, n.code, n.name_es as "name.es", n.name_en as "name.en", n.sector, n.boundary_status,
       n.centroid_lat as "centroid.lat", n.centroid_lon as "centroid.lon", n.boundary, p.revision as "_revision"
from   neighborhood n, publication p
where  n.code = :code
and    p.topic = 'neighborhoods';
