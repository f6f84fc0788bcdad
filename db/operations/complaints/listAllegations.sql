-- listAllegations: what is alleged and what was found of it, in its order; 404 where there is no such complaint
select must_find(exists (select from complaint where id = :id));

select   *
from     allegation_record
where    complaint_id = :id
and      (ordinal, id) > (:after_ordinal, :after_id)  --?
order by ordinal, id
limit    :limit;
