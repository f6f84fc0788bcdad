-- Fails unless plan stands
select code, kind, parent_code, position, sort_key, text_es, text_en, en_status from cpwg.plan_element where false;
