-- listNotices: what whoever files a complaint is told, by version, oldest first
-- guard
select revision as "_revision" from publication where topic = 'notices';

select   version, text_es as "text.es", text_en as "text.en", in_force_from
from     notice
where    true
and      version > :after_version  --?
order by version
limit    :limit;
