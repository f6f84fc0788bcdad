-- getResolution: one resolution of a complaint
select id, complaint_id, text_es as "text.es", text_en as "text.en", actions, by_subject, at
from   resolution
where  id = :resolution_id
and    complaint_id = :id;
