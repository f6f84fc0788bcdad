-- complaint_fact: kept and read by the owner's functions alone; the public gets sums, rolled up
create policy owner_keeps on complaint_fact to cpwg_owner using (true) with check (true);
grant execute on function complaint_statistics(text, text), statistics_of(text, text), quarter_number(text) to cpwg_public;
