-- listLifecycles: which records have a lifecycle
-- guard
select revision as "_revision" from publication where topic = 'lifecycles';

select   record, description_es as "description.es", description_en as "description.en"
from     lifecycle
where    true
and      record > :after_record  --?
order by record
limit    :limit;
