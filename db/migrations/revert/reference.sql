-- Takes back reference
begin;

set local search_path = cpwg;
drop table neighborhood, lifecycle_transition, lifecycle_state, lifecycle, vocabulary_term, vocabulary;
drop function make_transition(), begin_lifecycle();

commit;
