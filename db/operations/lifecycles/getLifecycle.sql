-- getLifecycle: the states of one kind of record and the moves between them
select l.record, l.description_es as "description.es", l.description_en as "description.en",
       (select json_agg(json_build_object('state', s.state, 'label', json_build_object('es', s.label_es, 'en', s.label_en),
                                          'initial', s.is_initial) order by s.position)
        from   lifecycle_state s
        where  s.record = l.record) as states,
       coalesce((select json_agg(json_build_object('from', t.from_state, 'to', t.to_state, 'roles', t.roles,
                                                   'reason_required', t.reason_required, 'clock_hours', t.clock_hours)
                                 order by t.position)
                 from   lifecycle_transition t
                 where  t.record = l.record), '[]') as transitions,
       p.revision as "_revision"
from   lifecycle l, publication p
where  l.record = :record
and    p.topic = 'lifecycles';
