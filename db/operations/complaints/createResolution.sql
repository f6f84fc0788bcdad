-- createResolution: says how a complaint ended; answers the resolution
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into resolution (id, complaint_id, text_es, text_en, actions)
values (:new_id, :id, :text.es, :text.en, coalesce(:actions, '{}'::text[]));

select id, complaint_id, text_es as "text.es", text_en as "text.en", actions, by_subject, at
from   resolution
where  id = :new_id;
