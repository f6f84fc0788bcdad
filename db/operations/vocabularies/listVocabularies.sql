-- listVocabularies: the value lists by code, without their terms
-- guard
select revision as "_revision" from publication where topic = 'vocabularies';

select   code, description_es as "description.es", description_en as "description.en"
from     vocabulary
where    true
and      code > :after_code  --?
order by code
limit    :limit;
