-- getPublicationPreview: what everybody would read of a complaint, were it published now; 409 where the complainant lets it be
-- counted, not told
select must_find(exists (select from complaint_publication where id = :id));

select must((select may_be_told from words_to_publish(:id)), 'the complainant lets this be counted, not told');

select *
from   publication_preview
where  complaint_id = :id;
