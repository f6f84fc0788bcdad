-- Fails unless records stands
select 'cpwg.must_find(boolean)'::regprocedure, 'cpwg.must(boolean, text)'::regprocedure;
