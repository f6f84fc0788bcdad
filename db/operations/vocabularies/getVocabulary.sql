-- getVocabulary: one value list with its terms, in the order in which to offer them
select v.code, v.description_es as "description.es", v.description_en as "description.en",
       (select json_agg(json_build_object('code', t.code, 'label', json_build_object('es', t.label_es, 'en', t.label_en),
                                          'retired', t.retired) order by t.position)
        from   vocabulary_term t
        where  t.vocabulary = v.code) as terms,
       p.revision as "_revision"
from   vocabulary v, publication p
where  v.code = :code
and    p.topic = 'vocabularies';
