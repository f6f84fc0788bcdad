-- listResolutions: how the complaint ended, oldest first; 404 where there is no such complaint
select must_find(exists (select from complaint where id = :id));

select   id, complaint_id, text_es as "text.es", text_en as "text.en", actions, by_subject, at
from     resolution
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
