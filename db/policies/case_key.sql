-- case_key: the filer adds the hash of the key that is shown once. By case key the complainant adds keys and revokes every other but
-- the one in use, another complainant's too: a key that fell into wrong hands cannot be told from theirs, and what leaks cannot be
-- taken back. A representative adds keys while the complainant has none, and revokes none. Nobody of the group sees or touches one
create policy owner_keeps on case_key to cpwg_owner using (true) with check (true);

create policy anyone_files on case_key for insert
to     cpwg_public
with check (is_being_filed(complaint_id));

create policy case_reads on case_key for select
to     cpwg_case
using  (complaint_id = (select case_complaint()));

create policy case_adds on case_key for insert
to     cpwg_case
with check (complaint_id = (select case_complaint()) and (select may_disclose()));

create policy complainant_revokes on case_key for update
to     cpwg_case
using  (complaint_id = (select case_complaint()) and (select case_holder()) = 'complainant' and id <> (select case_key_id()))
with check (complaint_id = (select case_complaint()));

grant insert (hash, complaint_id, holder) on case_key to cpwg_public;
grant insert (id) on case_key to cpwg_case; -- the rest by cpwg_public
grant select (id, complaint_id, holder, created_at, revoked_at), update (revoked_at) on case_key to cpwg_case;
grant execute on function case_key_id(), may_disclose() to cpwg_case;
