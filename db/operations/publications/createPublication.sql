-- createPublication: drafts what is told of a complaint, by whom it is assigned to; answers the draft
-- guard
select id
from   complaint
where  id = :id
for    key share;

insert into complaint_publication (id, summary_es, summary_en)
values (:id, :summary.es, :summary.en);

select *
from   publication_record
where  id = :id;
