-- functions: what every caller may call; the rest stands beside the table that it is for
grant execute on function must_find(boolean) to cpwg_public;
