-- Fails unless reference stands
select code, description_es, description_en from cpwg.vocabulary where false;
select vocabulary, code, position, label_es, label_en, retired from cpwg.vocabulary_term where false;
select record, description_es, description_en from cpwg.lifecycle where false;
select record, state, position, label_es, label_en, is_initial from cpwg.lifecycle_state where false;
select record, from_state, to_state, position, roles, reason_required, clock_hours from cpwg.lifecycle_transition where false;
select record, role, next from cpwg.lifecycle_next where false;
select record, next from cpwg.caller_next where false;
select id, code, name_es, name_en, sector, boundary, boundary_status, centroid_lat, centroid_lon from cpwg.neighborhood where false;
select 'cpwg.derive_next()'::regprocedure, 'cpwg.derive_initial()'::regprocedure, 'cpwg.keep_state()'::regprocedure, 'cpwg.make_transition()'::regprocedure;
