-- getCase: the complaint of the caller's case key
select *
from   case_record;
