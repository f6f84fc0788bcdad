-- Takes back reference
begin;

set local search_path = cpwg;
drop view caller_next;
drop table neighborhood, lifecycle_next, lifecycle_transition, lifecycle_state, lifecycle, vocabulary_term, vocabulary;
drop function derive_next(), make_transition(), derive_initial(), keep_state();

commit;
