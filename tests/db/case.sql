-- case: anybody files and reads nothing of it; whoever holds a case key reads and changes what is theirs, in that complaint alone
select count(test.file_complaint(n)) as ignored from generate_series(1, 2) as n \gset
insert into case_key (id, hash, complaint_id, holder) values (test.id(11), lpad('11', 64, '0'), test.id(1), 'representative');
insert into case_key (id, hash, complaint_id, holder, revoked_at) values (test.id(12), lpad('12', 64, '0'), test.id(1), 'representative', now());
insert into complaint_message (id, complaint_id, language, text) select test.id(n * 10), test.id(n), 'es', 'message' from generate_series(1, 2) as n;
insert into resolution (id, complaint_id, text_es, text_en) select test.id(n * 10), test.id(n), 'es', 'en' from generate_series(1, 2) as n;
insert into resolution_answer (id, complaint_id, satisfied) select test.id(n * 10), test.id(n), true from generate_series(1, 2) as n;
insert into complaint_transition (id, record_id, from_state, to_state)
select test.id(n * 10), test.id(n), '', 'acknowledged' from generate_series(1, 2) as n where set_config('cpwg.role', 'coordinator', true) <> '';
select test.consent(2) as ignored \gset
create function test.key(digits text) returns text language sql as $$ select set_config('cpwg.case_key', lpad(digits, 64, '0'), true) $$;

-- Filing: by anybody, at once, and never to be read again
select test.key('0') as ignored \gset
select test.is(test.try_as(who, format('insert into complaint (id, kind, language, notice_version, retaliation) values (%L, ''issue'', ''en'', ''2026-01'', %L)', test.id(n), n = 102)), 'fine', who || ' files')
from   (values ('public::', 101), ('resident:rosa:resident', 102), ('partner:pia:organization', 103), ('coordinator:carla:city', 104)) as x (who, n);
select test.is(string_agg(channel || ' ' || state || ' ' || revision, ', ' order by id), 'web received 1, web received 1, partner received 1, web received 1', 'how it came in and where it stands is the database''s to say')
from   complaint where id in (test.id(101), test.id(102), test.id(103), test.id(104));
select test.is(count(*), 4::bigint, 'each has a public reference of its own')
from   (select distinct public_reference from complaint where id in (test.id(101), test.id(102), test.id(103), test.id(104)) and public_reference ~ '^C-[0-9A-HJKMNP-TV-Z]{10}$') as x;
select test.is(due_at - received_at, interval '24 hours', 'fear of retaliation is acknowledged in 24 hours') from complaint where id = test.id(102);
select test.is(due_at - received_at, interval '72 hours', 'all else in three days') from complaint where id = test.id(101);
select test.is(test.try_as('public', format('insert into complaint (%I) select null where false', c)), 'fine', 'anybody sets ' || c)
from   unnest('{id,kind,occurred_from,occurred_to,neighborhood_code,language,interpreter,through_representative,under_18,pending_criminal_case,retaliation,publish,identity_to,notice_version}'::text[]) as c;
select test.is(test.try_as('public', format('insert into complaint (%I) select null where false', attname)), '42501', 'nobody sets ' || attname)
from   pg_attribute
where  attrelid = 'complaint'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
and    attname not in ('id', 'kind', 'occurred_from', 'occurred_to', 'neighborhood_code', 'language', 'interpreter', 'through_representative', 'under_18', 'pending_criminal_case', 'retaliation', 'publish',
                       'identity_to', 'notice_version');
select test.is(test.try_as('public', $$insert into complaint (id, kind, language, notice_version) values (gen_random_uuid(), 'issue', 'en', '1999')$$), '23503', 'the notice must exist');
select test.ok(exists (select from pg_constraint where conrelid = 'complaint'::regclass and contype = 'f' and conname = 'notice'), 'its constraint is named after it');

create function test.file_part(t text, n int) returns text
language sql as $$
  select case t
    when 'case_key'          then format('insert into case_key (hash, complaint_id, holder) values (%L, %L, ''complainant'')', md5(n::text) || md5(n::text), test.id(n))
    when 'complaint_private' then format('insert into complaint_private (complaint_id, narrative, place, officer_described) values (%L, ''n'', ''p'', ''o'')', test.id(n))
    when 'complaint_contact' then format('insert into complaint_contact (complaint_id, party, contact) values (%L, ''complainant'', ''c'')', test.id(n))
    when 'complainant'       then format('insert into complainant (complaint_id, ordinal, relation) values (%L, 9, ''victim'')', test.id(n))
    when 'allegation'        then format('insert into allegation (complaint_id, ordinal, category) values (%L, 9, ''force'')', test.id(n))
  end
$$;
select test.is(test.try_as(who, test.file_part(t, n)), 'fine', who || ' files its ' || t)
from   unnest('{case_key,complaint_private,complaint_contact,complainant,allegation}'::text[]) as t, (values ('public::', 101), ('resident:rosa:resident', 102)) as x (who, n);
select test.is(test.try_as('public', test.file_part(t, 1)), '42501', 'nobody adds a ' || t || ' to what was filed before')
from   unnest('{case_key,complaint_private,complaint_contact,complainant,allegation}'::text[]) as t;
select test.is(string_agg(coalesce(filed_by, '-'), ', ' order by complaint_id), '-, rosa', 'who signed in is kept') from complaint_private where complaint_id in (test.id(101), test.id(102));
select test.is(test.try_as(role, format('select %s from %I', c, t)), '42501', role || ' reads no ' || c || ' of ' || t)
from   unnest('{public,resident,member}'::text[]) as role,
       (values ('complaint', 'id'), ('complaint_record', 'id'), ('case_record', 'state'), ('case_key', 'id'), ('complaint_private', 'complaint_id'), ('complaint_contact', 'complaint_id'), ('complainant', 'ordinal'),
               ('allegation', 'id'), ('complaint_message', 'id'), ('complaint_transition', 'id'), ('consent', 'id'), ('resolution', 'id'), ('resolution_answer', 'id')) as x (t, c);
select test.is(test.try_as('public', s), '42501', 'nobody can: ' || s)
from   unnest('{"update complaint set kind = ''issue''","delete from complaint","update complaint_private set narrative = ''x''","update case_key set holder = ''representative''","insert into complaint_message (id) select null where false",
                "insert into complaint_transition (id) select null where false","insert into consent (id) select null where false","insert into resolution_answer (id) select null where false","insert into complaint_private (filed_by) select null where false"}'::text[]) as s;

select test.is(test.count_as('public', format('select * from filed_complaint(%L, %L)', test.id(101), md5('101') || md5('101'))), 1::bigint, 'who knows the key that was made is answered');
select test.is(test.count_as('public', format('select * from filed_complaint(%L, %L)', test.id(n), h)), 0::bigint, 'nobody else: ' || n)
from   (values (101, md5('102') || md5('102')), (102, md5('101') || md5('101')), (999, md5('101') || md5('101'))) as x (n, h);
select test.is(test.try_as('public', 'select is_being_filed(gen_random_uuid())'), 'fine', 'policies ask whether it is being filed');

-- What a key opens
create function test.opens(digits text, t text) returns bigint
language sql as $$
  select test.key(digits);
  select test.count_as('case', format('select 1 from %I', t));
$$;
select test.is(test.opens(digits, t), n::bigint, format('key %s opens %s of %s', digits, n, t))
from   (values ('complaint', 1), ('case_record', 1), ('complaint_private', 1), ('complaint_contact', 1), ('complainant', 2), ('allegation', 1), ('complaint_message', 1), ('complaint_transition', 1), ('resolution', 1),
               ('resolution_answer', 1), ('case_key', 3)) as x (t, n),
       unnest('{1,11}'::text[]) as digits;
select test.is(test.opens(digits, t), 0::bigint, format('key %s opens no %s', digits, t))
from   unnest('{complaint,case_record,complaint_private,complaint_contact,complainant,allegation,complaint_message,complaint_transition,resolution,resolution_answer,case_key,consent}'::text[]) as t,
       unnest('{12,99}'::text[]) as digits;
select test.is(test.opens('2', 'consent'), 1::bigint, 'it opens its own consents');
select test.is(test.opens('1', 'consent'), 0::bigint, 'and no other');
select test.is(test.count_as('case', 'select 1 from case_record'), 0::bigint, 'no key opens nothing') from (select set_config('cpwg.case_key', '', true)) as x;
select test.is(test.count_as('case', 'select 1 from case_record where contact = ' || c), 1::bigint, digits || ' reads their own contact')
from   (values ('1', '''contact''::bytea'), ('11', '''lawyer''::bytea')) as x (digits, c), test.key(digits);
select test.is(test.count_as('case', 'select 1 from complaint_contact where party <> case_holder()'), 0::bigint, digits || ' does not read the other''s contact')
from   unnest('{1,11}'::text[]) as digits, test.key(digits);

select test.is(test.try_as('case', format('select %I from %I', c, t)), 'fine', 'a key shows ' || c || ' of ' || t)
from   (values ('complaint_private', '{complaint_id,narrative,place,officer_described}'::text[]), ('complaint_transition', '{id,record_id,from_state,to_state,public_note_es,public_note_en,at}'),
               ('complaint_message', '{id,complaint_id,author,language,text,at}'), ('case_key', '{id,complaint_id,holder,created_at,revoked_at}'), ('resolution', '{id,complaint_id,text_es,text_en,actions,at}'),
               ('allegation', '{id,complaint_id,ordinal,category,finding,finding_status}'), ('consent', '{id}'), ('resolution_answer', '{id}'), ('complainant', '{race}')) as x (t, cs), unnest(cs) as c;
select test.is(test.try_as('case', format('select %I from %I', c, t)), '42501', 'a key does not show ' || c || ' of ' || t)
from   (values ('complaint_private', 'filed_by'), ('complaint_transition', 'reason'), ('complaint_transition', 'by_subject'), ('complaint_transition', 'by_role'), ('complaint_message', 'by_subject'), ('case_key', 'hash'), ('complaint_transition', 'message_id'),
               ('resolution', 'by_subject'), ('allegation', 'decided_by'), ('allegation', 'reported_by'), ('allegation', 'outcome'), ('complaint_note', 'id'), ('assignment', 'id'), ('recusal', 'id'), ('referral', 'id'),
               ('complaint_link', 'id'), ('complaint_record', 'id'), ('publication_check', 'id'), ('complaint_publication', 'id')) as x (t, c);

-- Changing
select test.key('1') as ignored \gset
select test.is(test.touched_as('case', format('update complaint set revision = revision + 1, %s', s)), 1::bigint, 'by key one changes one''s own: ' || s)
from   unnest('{"interpreter = ''es''","publish = ''summary''","identity_to = ''group''"}'::text[]) as s;
select test.is(test.try_as('case', format('update complaint set %I = default', attname)), '42501', 'by key one does not change ' || attname)
from   pg_attribute
where  attrelid = 'complaint'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname not in ('revision', 'interpreter', 'publish', 'identity_to');
select test.is(test.count_as('case', 'select * from case_record for update'), 1::bigint, 'by key one locks one''s own');
select test.is(publish || ' ' || identity_to || coalesce(interpreter, ''), 'statistics_only nobody', 'another''s is as it was') from complaint where id = test.id(2);

select test.is(test.touched_as('case', 'update complaint_contact set contact = ''new'''), 1::bigint, 'one changes one''s own contact alone');
select test.is(string_agg(convert_from(contact, 'UTF8'), ', ' order by complaint_id, party), 'new, lawyer, contact, lawyer', 'all others stand') from complaint_contact where complaint_id in (test.id(1), test.id(2));
select test.is(test.touched_as('case', 'delete from complaint_contact'), 1::bigint, 'one deletes one''s own contact alone');
select test.is(test.try_as('case', format('insert into complaint_contact (complaint_id, party, contact) values (%L, %L, ''x'')', test.id(n), party)), '42501', format('one adds no contact of %s to %s', party, n))
from   (values (1, 'representative'), (2, 'complainant')) as x (n, party);
delete from complaint_contact where complaint_id = test.id(2);
select test.is(test.try_as('case', format('insert into complaint_contact (complaint_id, party, contact) values (%L, ''complainant'', ''x'')', test.id(n))), wanted, 'contact of ' || n || ': ' || wanted)
from   (values (1, 'fine'), (2, '42501')) as x (n, wanted);
select test.key('11') as ignored \gset
select test.is(test.touched_as('case', 'update complaint_contact set contact = ''new lawyer'''), 1::bigint, 'a representative changes their own contact alone');
select test.is(convert_from(contact, 'UTF8'), 'x', 'not the complainant''s') from complaint_contact where complaint_id = test.id(1) and party = 'complainant';

-- Disclosing more: whoever complained decides; a representative only while whoever complained holds no key
create function test.discloses(digits text, identity_before text, change text) returns text
language sql as $$
  select test.key('0');
  update complaint set identity_to = identity_before, publish = 'statistics_only' where id = test.id(1);
  select test.key(digits);
  select test.try_as('case', 'update complaint set ' || change);
$$;
create function test.hold(held boolean) returns void
language sql as $$ update case_key set revoked_at = case when not held then now() end where hash = lpad('1', 64, '0') $$;
select test.is(test.discloses(digits, before, change), wanted, format('key %s, from %s: %s', digits, before, change))
from   (values ('11', 'nobody', 'identity_to = ''group''', 'CW008 whoever complained holds a key, and alone discloses more'),
               ('11', 'group', 'identity_to = ''group_and_police''', 'CW008 whoever complained holds a key, and alone discloses more'),
               ('11', 'group_and_police', 'identity_to = ''group_and_police'', revision = revision + 1', 'fine'),
               ('11', 'group_and_police', 'identity_to = ''group''', 'fine'), ('11', 'group', 'identity_to = ''nobody''', 'fine'),
               ('11', 'nobody', 'publish = ''summary''', 'CW008 whoever complained holds a key, and alone discloses more'),
               ('1', 'nobody', 'identity_to = ''group_and_police'', publish = ''summary''', 'fine'),
               ('1', 'group_and_police', 'identity_to = ''nobody''', 'fine')) as x (digits, before, change, wanted);
select test.key('0') as ignored \gset
update complaint set publish = 'summary', identity_to = 'nobody' where id = test.id(1);
select test.key('11') as ignored \gset
select test.is(test.try_as('case', 'update complaint set publish = ''statistics_only'''), 'fine', 'a representative takes back what may be told in public');
select test.is(test.try_as('case', format('insert into consent (id, complaint_id, purpose) values (%L, %L, ''referral'')', test.id(1299), test.id(1))), '42501', 'a representative consents to nothing while whoever complained holds a key');
select test.is(test.try_as('case', format('insert into case_key (id, hash, complaint_id, holder) values (gen_random_uuid(), %L, %L, %L)', md5(holder) || md5(holder), test.id(1), holder)), '42501', 'nor hands out a key of a ' || holder)
from   unnest('{complainant,representative}'::text[]) as holder;
select test.hold(false) as ignored \gset
select test.is(test.discloses('11', 'nobody', change), 'fine', 'while they hold none, as who filed: ' || change)
from   unnest('{"identity_to = ''group_and_police''","publish = ''summary''"}'::text[]) as change;
select test.is(test.try_as('case', format('insert into case_key (id, hash, complaint_id, holder) values (%L, %L, %L, ''representative'')', test.id(1398), md5('r') || md5('r'), test.id(1))), 'fine', 'and hands out keys');
delete from case_key where id = test.id(1398);
update complaint set identity_to = 'nobody', publish = 'statistics_only' where id = test.id(1);
select test.key('11') as ignored \gset

-- Writing
select test.is(test.try_as('case', format('insert into complaint_message (id, complaint_id, language, text) values (%L, %L, ''es'', ''m'')', test.id(1100 + n), test.id(n))), wanted, 'a message in ' || n || ': ' || wanted)
from   (values (1, 'fine'), (2, '42501')) as x (n, wanted);
select test.is(author, 'representative', 'whose key it is, is its author') from complaint_message where id = test.id(1101);
select test.is(test.try_as('case', format('insert into %I (%I) select null where false', t, c)), '42501', format('by key one does not set %s of %s', c, t))
from   (values ('complaint_message', 'author'), ('complaint_message', 'by_subject'), ('complaint_message', 'at'), ('complaint_transition', 'from_state'), ('complaint_transition', 'reason'), ('complaint_transition', 'public_note_es'), ('complaint_transition', 'public_note_en'), ('complaint_transition', 'by_role'), ('consent', 'given_by'), ('consent', 'given_at'),
               ('consent', 'withdrawn_at'), ('resolution_answer', 'at'), ('case_key', 'created_at'), ('case_key', 'revoked_at'), ('complaint', 'channel'), ('complaint_private', 'filed_by')) as x (t, c);
select test.is(test.try_as('case', format('insert into %I (%I) select null where false', t, c)), 'fine', format('by key one sets %s of %s', c, t))
from   (values ('complaint_message', '{id,complaint_id,language,text}'::text[]), ('complaint_transition', '{id,record_id,to_state,message_id}'), ('consent', '{id,complaint_id,purpose}'),
               ('resolution_answer', '{id,complaint_id,satisfied,text}'), ('case_key', '{id,hash,complaint_id,holder}'), ('complaint_contact', '{complaint_id,party,contact}')) as x (t, cs), unnest(cs) as c;
select test.is(test.try_as('case', s), '42501', 'by key one cannot: ' || s)
from   unnest('{"update complaint_message set text = ''x''","delete from complaint_message","update complaint_private set narrative = ''x''","delete from complaint_private","update complaint_transition set to_state = ''closed''",
                "delete from consent","update consent set purpose = ''referral''","update resolution_answer set satisfied = true","delete from resolution_answer","delete from case_key","update case_key set holder = ''complainant''",
                "update case_key set hash = ''x''","insert into resolution (id) select null where false","update allegation set category = ''force''","delete from complainant","delete from complaint"}'::text[]) as s;
select test.is(test.try_as('case', format('insert into resolution_answer (id, complaint_id, satisfied, text) values (gen_random_uuid(), %L, false, ''t'')', test.id(n))), wanted, 'an answer in ' || n || ': ' || wanted)
from   (values (1, 'fine'), (2, '42501')) as x (n, wanted);
select test.is(test.try_as('case', format('insert into complaint_transition (id, record_id, to_state) values (gen_random_uuid(), %L, %L)', test.id(n), to_state)), wanted, format('%s to %s: %s', n, to_state, wanted))
from   (values (2, 'withdrawn', '42501'), (1, 'triage', 'CW001 withdrawn'), (1, 'withdrawn', 'fine'), (1, 'reopened', 'CW008 this transition needs a reason')) as x (n, to_state, wanted);
select test.is(test.count_as('case', 'select 1 from case_record where next = ''{reopened}'''), 1::bigint, 'a key shows what is open to its holder');
select test.is(test.try_as('case', format('insert into complaint_transition (id, record_id, to_state, message_id) values (gen_random_uuid(), %L, ''reopened'', %L)', test.id(1), test.id(1101))), 'fine', 'a message says why');

-- Consent
select test.is(test.try_as('case', format('insert into consent (id, complaint_id, purpose) values (%L, %L, ''referral'')', test.id(1200 + n), test.id(n))), wanted, 'consent in ' || n || ': ' || wanted)
from   (values (1, 'fine'), (2, '42501')) as x (n, wanted);
select test.is(given_by, 'representative', 'who gave it is kept') from consent where id = test.id(1201);
select test.is(test.touched_as('case', 'update consent set withdrawn_at = ''2000-01-01'''), 1::bigint, 'one withdraws one''s own consent alone');
select test.ok(withdrawn_at >= now(), 'when it was withdrawn is the database''s to say') from consent where id = test.id(1201);
select withdrawn_at as withdrawn from consent where id = test.id(1201) \gset
select test.is(test.touched_as('case', 'update consent set withdrawn_at = null'), 1::bigint, 'it stays withdrawn');
select test.is(withdrawn_at, :'withdrawn'::timestamptz, 'for good') from consent where id = test.id(1201);
select test.is(withdrawn_at, null::timestamptz, 'another''s stands') from consent where complaint_id = test.id(2);

-- Keys
select test.is(test.try_as('case', format('insert into case_key (id, hash, complaint_id, holder) values (%L, %L, %L, ''complainant'')', test.id(1300 + n), md5(n::text) || md5('x'), test.id(n))), wanted, 'a key to ' || n || ': ' || wanted)
from   (values (1, 'fine'), (2, '42501')) as x (n, wanted);
select test.hold(true) as ignored \gset
select test.is(test.touched_as('case', 'update case_key set revoked_at = now()'), 0::bigint, 'a representative revokes no key, not even their own');
select test.key('1') as ignored \gset
select test.is(test.count_as('case', 'select 1 from case_key where id = (select case_key_id())'), 1::bigint, 'which key is in use is told');
select test.is(test.touched_as('case', format('update case_key set revoked_at = now() where id = %L', test.id(1301))), 1::bigint, 'whoever complained revokes another key of theirs, or of another complainant');
select test.is(test.touched_as('case', 'update case_key set revoked_at = now() where revoked_at is null'), 1::bigint, 'and the representative''s keys, but not the one in use');
select test.is(holder || ' ' || (hash = lpad('1', 64, '0')), 'complainant true', 'which stands') from case_key where complaint_id = test.id(1) and revoked_at is null;
select test.is(test.opens('11', 'case_record'), 0::bigint, 'it opens nothing from then on');
select test.is(test.opens('1', 'case_record'), 1::bigint, 'theirs still does');
select test.is(test.opens('2', 'case_record'), 1::bigint, 'and another''s');
select test.is(test.try_as('case', f), 'fine', 'by key one asks ' || f)
from   unnest('{"select case_complaint()","select case_holder()","select case_key_id()","select may_disclose()"}'::text[]) as f;
select test.is(test.try_as(role, f), '42501', role || ' does not ask ' || f)
from   unnest('{public,resident,coordinator,case_handler,auditor}'::text[]) as role, unnest('{"select case_complaint()","select case_holder()","select case_key_id()","select may_disclose()"}'::text[]) as f;
select test.is(test.try_as('case', f), '42501', 'by key one does not ask ' || f)
from   unnest('{"select assigned_to()","select recused_from()","select shows_identity(gen_random_uuid())","select private_side(gen_random_uuid())"}'::text[]) as f;

select test.is(test.try_as('public', 'select must(' || c || ', ''why not'')'), wanted, 'must(' || c || '): ' || wanted)
from   (values ('true', 'fine'), ('null', 'fine'), ('false', 'CW008 why not')) as x (c, wanted);
select test.is(test.count_as('public', 'select * from notice'), (select count(*) from notice), 'anybody reads the notices');
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{public,coordinator}'::text[]) as role, unnest('{"update notice set text_es = ''x''","delete from notice","insert into notice (version) select null where false"}'::text[]) as s;
