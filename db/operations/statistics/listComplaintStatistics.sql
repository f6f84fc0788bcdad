-- listComplaintStatistics: public sums, each for the shortest period and smallest place that may be shown; what is shown does not hang on
-- the periods that are asked for
select   series, by, value, period, time_rung, place_rung, n, median_days, status, demo, place_in_list as "_position"
from     complaint_statistics(:series, :by)
where    true
and      first_quarter + quarters > quarter_number(:from)  --?
and      first_quarter <= quarter_number(:to)              --?
and      place_in_list > :after_position  --?
order by "_position"
limit    :limit;
