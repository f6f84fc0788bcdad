-- getPoliceRecord: one police record with complainants and allegations, without its narrative
select *
from   police_record_whole
where  id = :id;
