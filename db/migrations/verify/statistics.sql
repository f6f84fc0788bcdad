-- Fails unless statistics stands
select code, k, least, description_es, description_en
from   cpwg.suppression_class
where  false;
select complaint_id, valid_from, valid_until, received_on, quarter, category, neighborhood_code, state, decided_on, is_matched, is_demo
from   cpwg.complaint_fact
where  false;
select series, category, neighborhood_code, sector, quarter, state, days, is_counted, is_demo
from   cpwg.statistic_fact
where  false;
select 'cpwg.complaint_statistics(text, text)'::regprocedure, 'cpwg.roll_up(cpwg.statistic_cell[], int)'::regprocedure;
