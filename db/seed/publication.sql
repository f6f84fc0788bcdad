-- publication: the counters of public lists exist from the start
insert into cpwg.publication (topic) values ('plan') on conflict do nothing;
