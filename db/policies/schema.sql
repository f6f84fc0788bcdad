-- schema: who finds what is in it (cpwg_api too: `cpwg check` prepares every statement before it becomes anybody), and the
-- functions that every caller may call; the others stand beside the table that they are for
grant usage on schema cpwg to cpwg_public, cpwg_api, cpwg_identity, cpwg_worker;
grant execute on function must_find(boolean), must(boolean, text) to cpwg_public;
