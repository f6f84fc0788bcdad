-- getPlanElement: one element with those directly under it
select e.code, e.kind, e.parent_code as parent, e.position, e.text_es as es, e.text_en as en, e.en_status,
       coalesce((select   json_agg(json_build_object('code', c.code, 'kind', c.kind, 'position', c.position,
                                                     'es', c.text_es, 'en', c.text_en) order by c.sort_key)
                 from     plan_element c
                 where    c.parent_code = e.code), '[]') as children,
       p.revision as "_revision"
from   plan_element e, publication p
where  e.code = :code
and    p.topic = 'plan';
