-- listPlanElements: the plan in reading order
-- guard
select revision as "_revision" from publication where topic = 'plan';

select   code, kind, parent_code as parent, position, text_es as es, text_en as en, en_status, sort_key as "_sort_key"
from     plan_element
where    true
and      kind = :kind                --?
and      parent_code = :parent       --?
and      sort_key > :after_sort_key  --?
order by sort_key
limit    :limit;
