-- published_complaint: from a draft to what anybody may read, and back: who drafts, looks, approves; what the public table shows, and when
select count(test.file_complaint(n)) as ignored from generate_series(1, 3) as n \gset
update complaint set publish = 'summary' where id in (test.id(1), test.id(2));
select test.assign(1, 'hugo') as ignored, test.assign(1, 'cora') as ignored, test.assign(1, 'paula') as ignored, test.assign(2, 'hana') as ignored, test.assign(3, 'hugo') as ignored \gset
select test.assign(1, 'rita', true) as ignored, test.assign(1, 'rosa', true) as ignored \gset
insert into complaint_message (id, complaint_id, language, text) select test.id(n * 10), test.id(n), 'es', 'message' from generate_series(1, 2) as n where set_config('cpwg.role', 'case', true) <> '' and set_config('cpwg.case_key', lpad(n::text, 64, '0'), true) <> '';
insert into complaint_message (id, complaint_id, language, text) select test.id(19), test.id(1), 'es', 'group' where set_config('cpwg.role', 'case_handler', true) <> '';
insert into resolution_answer (id, complaint_id, satisfied, text) select test.id(n * 10), test.id(n), true, 'answer' from generate_series(1, 2) as n;

-- The whitelist: whoever adds a column shows it to everybody, and has to say so here
select test.is(string_agg(attname, ' ' order by attnum),
               'public_reference status kind categories quarter place_rung neighborhood_code sector state summary_es summary_en findings resolution_es resolution_en published_at is_demo revision created_at updated_at',
               'the public table has these columns and no other')
from   pg_attribute where attrelid = 'published_complaint'::regclass and attnum > 0 and not attisdropped;
select test.is(string_agg(attname, ' ' order by attnum),
               'public_reference status kind categories quarter place.rung place.neighborhood place.sector state summary.es summary.en findings resolution.es resolution.en published_at demo updated_at _revision',
               'its record has these and no other')
from   pg_attribute where attrelid = 'published_complaint_record'::regclass and attnum > 0 and not attisdropped;
select test.is(string_agg(relname, ' ' order by relname),
               'caller_next lifecycle lifecycle_next lifecycle_state lifecycle_transition neighborhood notice plan_element publication published_complaint published_complaint_record published_member published_organization vocabulary vocabulary_term',
               'the public reads these relations whole and no other')
from   pg_class where relnamespace = 'cpwg'::regnamespace and relkind in ('r', 'v') and has_table_privilege('cpwg_public', oid, 'select');
select test.is(string_agg(distinct relname, ' '), 'member organization', 'and of these some columns')
from   pg_class c join pg_attribute on attrelid = c.oid
where  relnamespace = 'cpwg'::regnamespace and relkind in ('r', 'v') and attnum > 0 and not has_table_privilege('cpwg_public', c.oid, 'select') and has_column_privilege('cpwg_public', c.oid, attnum, 'select');
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{public,publisher,coordinator,case_handler}'::text[]) as role,
       unnest('{"insert into published_complaint (public_reference) select null where false","update published_complaint set state = ''closed''","delete from published_complaint"}'::text[]) as s;

select test.is(count(*) filter (where resolution_es is null), 0::bigint, 'of ' || count(*) || ' invented complaints each tells how it ended') from published_complaint where is_demo;

-- Drafting
create function test.draft(who text, n int, es text default 'uno', en text default 'one') returns text
language sql as $$ select test.try_as(who, format('insert into complaint_publication (id, summary_es, summary_en) values (%L, %L, %L)', test.id(n), es, en)) $$;
select test.is(test.draft(who, 1), '42501', who || ' does not draft')
from   unnest('{public,resident,publisher:paula:city,coordinator:carla:city,case_handler:nils:city,case_handler:rita:city,coordinator:rosa:city,auditor:aldo:city,police_staff:pedro:police}'::text[]) as who;
select test.is(test.draft(who, n), 'fine', who || ' drafts')
from   (values ('case_handler:hugo:city', 1), ('case_handler:hana:city', 2), ('case_handler:hugo:city', 3)) as x (who, n);
select test.is(drafted_by || ' ' || state || ' ' || revision, 'hugo drafted 1', 'who drafted it is kept') from complaint_publication where id = test.id(1);
select test.is(test.draft('coordinator:cora:city', 1), '23505', 'a complaint has one publication');
select test.is(test.try_as(role, format('insert into complaint_publication (%I) select null where false', c)), wanted, role || ' sets ' || c || ': ' || wanted)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       (values ('id', 'fine'), ('summary_es', 'fine'), ('summary_en', 'fine'), ('drafted_by', '42501'), ('drafters', '42501'), ('state', '42501'), ('is_demo', '42501'), ('revision', '42501'), ('created_at', '42501'), ('updated_at', '42501')) as x (c, wanted);
select test.is(test.try_as(role, format('update complaint_publication set %I = default where false', c)), wanted, role || ' changes ' || c || ': ' || wanted)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       (values ('revision', 'fine'), ('summary_es', 'fine'), ('summary_en', 'fine'), ('id', '42501'), ('drafted_by', '42501'), ('state', '42501'), ('is_demo', '42501'), ('created_at', '42501'), ('updated_at', '42501')) as x (c, wanted);
select test.is(test.try_as('publisher', format('update complaint_publication set %I = default where false', c)), '42501', 'a publisher does not change ' || c)
from   unnest('{summary_es,summary_en,state,drafted_by}'::text[]) as c;
create function test.ours() returns text language sql as
$$ select 'where id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'', ''00000000-0000-4000-8000-000000000003'')' $$;
select test.is(test.count_as(who, 'select * from publication_record ' || test.ours()), n::bigint, who || ' reads ' || n || ' of three')
from   (values ('publisher:paula:city', 3), ('coordinator:carla:city', 3), ('coordinator:rosa:city', 2), ('auditor:aldo:city', 3), ('case_handler:hugo:city', 2), ('case_handler:hana:city', 1), ('case_handler:nils:city', 0),
               ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.try_as(role, 'select * from publication_record'), '42501', role || ' reads no draft')
from   unnest('{public,resident,member,police_source,police_staff,city,partner,council,case}'::text[]) as role;
select test.is(test.count_as(who, 'select * from publication_record ' || test.ours() || ' for update'), n::bigint, who || ' locks ' || n || ' of three')
from   (values ('coordinator:carla:city', 3), ('coordinator:rosa:city', 2), ('case_handler:hugo:city', 2), ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.count_as('publisher:paula:city', 'select id from complaint_publication ' || test.ours() || ' for update'), 3::bigint, 'a publisher locks all');
select test.is(test.try_as('publisher:paula:city', 'update complaint_publication set revision = revision ' || test.ours()), '42501', 'and changes none');
select test.is(test.touched_as(who, $$update complaint_publication set revision = revision + 1, summary_en = 'better' $$ || test.ours()), n::bigint, who || ' redrafts ' || n || ' of three')
from   (values ('case_handler:hugo:city', 2), ('case_handler:hana:city', 1), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.try_as(who, $$update complaint_publication set summary_en = 'mine' where id = test.id(2)$$), '42501', who || ' redrafts none of others')
from   unnest('{coordinator:cora:city}'::text[]) as who;
select test.is(test.touched_as('coordinator:cora:city', $$update complaint_publication set summary_en = 'better' where id = test.id(1)$$), 1::bigint, 'a coordinator redrafts theirs');
select test.is(test.touched_as('case_handler:hugo:city', $$update complaint_publication set summary_es = 'otro', summary_en = 'other' where id = test.id(1)$$), 1::bigint, 'somebody rewrites it');
select test.is(drafted_by, 'hugo', 'who wrote the summary that stands is kept') from complaint_publication where id = test.id(1);

-- Looking
select test.is(test.count_as(who, format('select * from private_side(%L)', test.id(1))), n::bigint, who || ' compares with ' || n || ' private texts')
from   (values ('case_handler:hugo:city', 3), ('coordinator:cora:city', 3), ('publisher:pia:city', 5), ('publisher:paula:city', 0), ('publisher:hugo:city', 0), ('publisher:rita:city', 0), ('publisher:pia:police', 0), ('publisher:pia:', 0), ('coordinator:carla:city', 0), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0), ('coordinator:rosa:city', 0), ('case_handler:hugo:police', 0),
               ('case_handler:hugo:', 0), ('coordinator:cora:police', 0)) as x (who, n);
select test.is(test.count_as('case_handler:hugo:city', format('select * from private_side(%L) where %s is not null', test.id(1), c)), n::bigint, 'of ' || t || ' ' || n || ' are compared with what who drafts looks at')
from   (values ('complaint_private', 'narrative', 1), ('complaint_contact', 'contact', 0), ('complaint_message and resolution_answer', 'text', 2)) as x (t, c, n);
select test.is(test.count_as('publisher:pia:city', format('select * from private_side(%L) where %s', test.id(1), c)), n::bigint, n || ' ' || c || ': contacts that nobody may know are compared for who approves alone')
from   (values ('contact is not null', 2), ('withheld', 2), ('not withheld', 3)) as x (c, n);
update complaint set identity_to = 'group' where id = test.id(1);
select test.is(test.count_as(who, format('select * from private_side(%L) where not withheld and contact is not null', test.id(1))), 2::bigint, 'contacts that the group may know are compared for ' || who)
from   unnest('{case_handler:hugo:city,publisher:pia:city}'::text[]) as who;
update complaint set identity_to = 'nobody' where id = test.id(1);
select test.is(test.try_as(role, 'select * from private_side(gen_random_uuid())'), '42501', role || ' compares with nothing')
from   unnest('{public,resident,auditor,police_staff,case}'::text[]) as role;
create function test.look(who text, n int, findings text default '[]', waived text default null) returns text
language sql as $$
  select test.try_as(who, format('insert into publication_check (id, complaint_id, summary, findings, waived) select gen_random_uuid(), id, summary_digest(id), %L, %L from complaint_publication where id = %L', findings, waived, test.id(n)))
$$;
select test.is(test.look(who, 1), '42501', who || ' does not look')
from   unnest('{public,publisher:paula:city,coordinator:carla:city,auditor:aldo:city}'::text[]) as who;
select test.is(test.count_as(who, format('select where approves(%L)', test.id(1))) = 1, approves, who || ' approves: ' || approves)
from   (values ('publisher:pia:city', true), ('publisher:hugo:city', false), ('publisher:paula:city', false), ('publisher::city', false), ('coordinator:pia:city', false), ('case_handler:pia:city', false), ('auditor:pia:city', false)) as x (who, approves);
select test.is(test.try_as(who, format('insert into publication_check (id, complaint_id, summary, findings) values (gen_random_uuid(), %L, ''x'', ''[]'')', test.id(1))), '42501', who || ' does not look at what they cannot see')
from   unnest('{case_handler:nils:city,case_handler:rita:city,case_handler:hana:city,coordinator:rosa:city,case_handler:hugo:police,coordinator:cora:police,case_handler:hugo:,publisher:rita:city,publisher:pia:police,publisher:hugo:city,publisher:paula:city}'::text[]) as who;
select test.is(test.try_as(role, format('insert into publication_check (%I) select null where false', c)), wanted, role || ' sets ' || c || ' of a look: ' || wanted)
from   unnest('{coordinator,case_handler,publisher}'::text[]) as role,
       (values ('id', 'fine'), ('complaint_id', 'fine'), ('summary', 'fine'), ('findings', 'fine'), ('waived', 'fine'), ('by_subject', '42501'), ('by_role', '42501'), ('at', '42501')) as x (c, wanted);
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{coordinator,case_handler,publisher}'::text[]) as role, unnest('{"update publication_check set findings = ''[]''","delete from publication_check","update publication_transition set reason = ''x''","delete from publication_transition","delete from complaint_publication"}'::text[]) as s;

-- Moving
create function test.move(who text, n int, to_state text, reason text default null) returns text
language sql as $$
  select test.try_as(who, format('insert into publication_transition (id, record_id, to_state, reason, preview_version) values (gen_random_uuid(), %L, %L, %L, %s)', test.id(n), to_state, reason,
                                 case to_state when 'approved' then format('(select version from publication_preview where complaint_id = %L)', test.id(n)) else 'null' end))
$$;
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'CW008 this summary has not been checked', 'a summary is looked at first');
select test.is(test.look('case_handler:hugo:city', 1, '[{"kind": "name"}]'), 'fine', 'a handler looks');
select test.is(test.count_as(who, format('select id from publication_check where complaint_id = %L', test.id(1))), 0::bigint, who || ' reads no look behind the record either')
from   unnest('{coordinator:carla:city,case_handler:hana:city}'::text[]) as who;
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'CW008 the check found what may tell who somebody is; change the summary, or say why it may stand', 'what was found is changed, or waived');
select test.is(test.look('coordinator:cora:city', 1, '[{"kind": "name"}]', 'a saint'), 'fine', 'an assigned coordinator looks');
select test.is(by_subject, 'cora', 'who looked is kept') from publication_check where complaint_id = test.id(1) order by at desc limit 1;
update complaint_publication set summary_en = 'changed since' where id = test.id(1);
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'CW008 this summary has not been checked', 'a waiver counts for the summary that was looked at');
update complaint_publication set summary_en = 'other' where id = test.id(1);
select test.is(test.count_as(who, format('select * from publication_check_record where complaint_id in (%L, %L)', test.id(1), test.id(2))), n::bigint, who || ' reads ' || n || ' looks')
from   (values ('publisher:paula:city', 2), ('auditor:aldo:city', 2), ('case_handler:hugo:city', 2), ('coordinator:cora:city', 2), ('coordinator:carla:city', 0), ('case_handler:hana:city', 0), ('case_handler:rita:city', 0), ('coordinator:rosa:city', 0)) as x (who, n);
select test.is(test.count_as('auditor:aldo:city', format('select * from publication_check_record where current and complaint_id in (%L, %L)', test.id(1), test.id(2))), 2::bigint, 'a look says whether it saw the summary that stands');
select set_config('cpwg.subject', 'hugo', true) as ignored \gset
update complaint_publication set summary_en = 'changed' where id = test.id(1);
update complaint_publication set summary_en = 'other' where id = test.id(1);
select test.is(test.move(who, 1, 'checked'), '42501', who || ' does not move it')
from   unnest('{coordinator:carla:city,case_handler:nils:city,case_handler:rita:city,coordinator:rosa:city,auditor:aldo:city,public}'::text[]) as who;
select test.is(test.move('publisher:paula:city', 1, 'checked'), 'CW001 retracted', 'a publisher does not check');
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'fine', 'who is assigned moves what was looked at');
select test.is(test.try_as('case_handler:hugo:city', $$update complaint_publication set summary_en = 'sneaked in' where id = test.id(1)$$), 'CW008 only a draft is changed: move it back to drafted first', 'what was checked stays as it was seen');
select test.is(test.move(who, 1, 'approved'), 'CW008 a second person approves: nobody who drafted it, or ever handled the complaint', who || ' ' || why)
from   (values ('publisher:hugo:city', 'does not approve what they drafted'), ('publisher:cora:city', 'nor what they wrote on before somebody else did'), ('publisher:paula:city', 'nor what is assigned to them')) as x (who, why);
update assignment set ended_at = now() where subject = 'paula';
select test.is(test.move('publisher:paula:city', 1, 'approved'), 'CW008 a second person approves: nobody who drafted it, or ever handled the complaint', 'nor what was');
update assignment set subject = 'nobody' where subject = 'cora' and complaint_id = test.id(1);
select test.is(test.move('publisher:cora:city', 1, 'approved'), 'CW008 a second person approves: nobody who drafted it, or ever handled the complaint', 'who drafted stays who drafted');
update assignment set subject = 'cora' where subject = 'nobody' and complaint_id = test.id(1);

-- The look of who approves
create function test.seen(who text) returns text
language plpgsql as $$
declare
  seen text;
begin
  perform test.become(who);
  select format('%s %s %s %s', p._revision, p.updated_at, p.next, (select string_agg(k.id || findings::text, ' ' order by k.at) from publication_check_record k where k.complaint_id = p.id)) into seen
  from   publication_record p where p.id = test.id(1);
  perform set_config('role', 'none', true);
  return seen;
end
$$;
create temporary table before_it on commit drop as
select who, test.seen(who) as seen from unnest('{case_handler:hugo:city,coordinator:cora:city,publisher:hugo:city,publisher:cora:city,publisher:paula:city,auditor:aldo:city,publisher:pia:city}'::text[]) as who;
select test.is(test.move('publisher:pia:city', 1, 'approved'), 'CW008 whoever approves has not looked at summary and resolution as they are now', 'a look by who drafts is none by who approves');
select test.is(test.look('publisher:pia:city', 1, '[{"kind": "withheld", "member": "/summary/es"}]'), 'fine', 'who approves looks');
select test.is(by_subject || ' ' || by_role, 'pia publisher', 'who looked, and in which role, is kept') from publication_check where complaint_id = test.id(1) order by at desc limit 1;
select test.is(test.move(who, 1, 'approved'), 'CW008 the check found what may tell who somebody is; change the summary, or say why it may stand', who || ': what was found is not approved')
from   unnest('{publisher:pia:city,publisher:quim:city}'::text[]) as who;
select test.is(test.seen(who), seen, who || ' sees nothing of that look: no row, no revision, no move') from before_it where who <> 'publisher:pia:city';
select test.ok(test.seen(who) <> seen, 'who approves does') from before_it where who = 'publisher:pia:city';
select test.is(test.count_as(who, format('select from publication_check where complaint_id = %L and is_for_approval(by_role)', test.id(1))), n::bigint, who || ' reads ' || n || ' look of who approves')
from   (values ('publisher:pia:city', 1), ('publisher:quim:city', 1), ('publisher:hugo:city', 0), ('publisher:paula:city', 0), ('publisher:rita:city', 0), ('publisher:pia:police', 0), ('auditor:aldo:city', 0), ('case_handler:hugo:city', 0),
               ('coordinator:cora:city', 0), ('coordinator:carla:city', 0), ('case_handler:nils:city', 0)) as x (who, n);
select test.is(test.move('case_handler:hugo:city', 1, 'drafted', 'other words'), 'fine', 'it goes back');
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'fine', 'and is checked as before: the draft''s side is told nothing by where it may go');
select test.is(test.look('publisher:pia:city', 1, '[{"kind": "withheld", "member": "/summary/es"}]', 'a saint'), 'fine', 'who approves says why it may stand');
insert into resolution (id, complaint_id, text_es, text_en) values (test.id(66), test.id(1), 'nuevo', 'new');
select test.is(test.move('publisher:pia:city', 1, 'approved'), 'CW008 whoever approves has not looked at summary and resolution as they are now', 'a waiver counts for the very words that were looked at');
delete from resolution where id = test.id(66);
select test.is(test.move('publisher:pia:city', 1, 'published'), 'CW001 drafted, approved, retracted', 'nothing is published that nobody approved');

-- The preview: what everybody would read, for who may read the publication, where the complainant lets it be told
create function test.previewed(who text, n int) returns jsonb
language plpgsql as $$
declare
  read jsonb;
begin
  perform test.become(who);
  select to_jsonb(p) into read from publication_preview p where complaint_id = test.id(n);
  perform set_config('role', 'none', true);
  return read;
end
$$;
select test.is(test.count_as(who, 'select from publication_preview where complaint_id in (test.id(1), test.id(2), test.id(3))'), n::bigint, who || ' reads the previews of ' || n)
from   (values ('publisher:pia:city', 2), ('publisher:rita:city', 1), ('publisher:pia:police', 0), ('publisher:pia:', 0), ('coordinator:carla:city', 2), ('coordinator:rosa:city', 1), ('coordinator:carla:police', 0), ('auditor:aldo:city', 2),
               ('auditor:aldo:police', 0), ('case_handler:hugo:city', 1), ('case_handler:hana:city', 1), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0), ('case_handler:hugo:police', 0)) as x (who, n);
select test.is(test.count_as(who, 'select from preview_published(test.id(1))'), n::bigint, who || ' is told ' || n || ' behind the record')
from   (values ('publisher:pia:city', 1), ('publisher:rita:city', 0), ('publisher:pia:police', 0), ('auditor:aldo:police', 0)) as x (who, n);
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{public,resident,member,police_source,police_staff,city,partner,council,case}'::text[]) as role,
       unnest('{"select from publication_preview","select from preview_published(gen_random_uuid())","select from to_be_told(gen_random_uuid(), true)"}'::text[]) as s;
select test.is(test.try_as(role, 'select from to_be_told(gen_random_uuid(), true)'), '42501', role || ' passes nothing by') from unnest('{publisher,coordinator,case_handler,auditor}'::text[]) as role;
create temporary table preview on commit drop as select test.previewed('publisher:quim:city', 1) as read;
select test.is(read ->> 'status' || ' ' || (read ->> 'summary.es') || ' ' || (read ->> 'place.rung') || ' ' || (read ->> 'findings') || coalesce(read ->> 'published_at', ' never'), 'published otro city [] never', 'a preview shows what would be read') from preview;
update allegation set finding = 'sustained', finding_status = 'pending' where complaint_id = test.id(1);
select test.is(test.previewed('publisher:quim:city', 1), read, 'a finding that is pending is none of it') from preview;
create function test.moved_as_read(who text, to_state text, version text) returns text
language sql as $$ select test.try_as(who, format('insert into publication_transition (id, record_id, to_state, preview_version) values (gen_random_uuid(), %L, %L, %L)', test.id(1), to_state, version)) $$;
select test.is(test.moved_as_read('publisher:quim:city', 'approved', null), 'CW008 whoever approves has read the preview: its version is missing', 'nobody approves unread');
update allegation set finding_status = 'final', decided_by = 'police' where complaint_id = test.id(1);
select test.is(test.moved_as_read('publisher:quim:city', 'approved', read ->> 'version'), 'CW008 what would be published is no longer what was read: read the preview again', 'nor what they did not read: a finding became final') from preview;
update allegation set finding = null, finding_status = null, decided_by = null where complaint_id = test.id(1);
update complaint set kind = 'issue' where id = test.id(1);
select test.is(test.moved_as_read('publisher:quim:city', 'approved', read ->> 'version'), 'CW008 what would be published is no longer what was read: read the preview again', 'or it is something else now') from preview;
update complaint set kind = 'complaint' where id = test.id(1);
select test.is(test.moved_as_read('publisher:quim:city', 'approved', read ->> 'version'), 'fine', 'a second person approves what they read; a look of their side counts, whoever''s it was') from preview;
select test.is(preview_version, read ->> 'version', 'what they read is kept') from publication_transition, preview where record_id = test.id(1) and to_state = 'approved';
insert into resolution (id, complaint_id, text_es, text_en) values (test.id(66), test.id(1), 'nuevo', 'new');
select test.is(test.look('case_handler:hugo:city', 1, '[{"kind": "name"}]'), 'fine', 'a resolution that is written after approval is looked at by who handles it');
select test.is(test.move('publisher:pia:city', 1, 'published'), 'CW008 whoever approves has not looked at summary and resolution as they are now', 'which does not publish it');
delete from resolution where id = test.id(66);
select test.is(count(*), 0::bigint, 'nothing is public until it is published') from published_complaint where not is_demo;
select test.is(test.move('publisher:paula:city', 1, 'corrected'), 'CW008 what stands in public is corrected, and what does not is published', 'what is not public is not corrected');
select test.is(test.moved_as_read('publisher:paula:city', 'published', repeat('0', 64)), 'CW008 what would be published is no longer what was read: read the preview again', 'who publishes may say what they read, too');
select test.is(test.moved_as_read('publisher:paula:city', 'published', read ->> 'version'), 'fine', 'a publisher publishes') from preview;
select test.is(to_jsonb(p) - '{published_at,updated_at,_revision}'::text[], read - '{complaint_id,version,published_at,_revision}'::text[], 'the public reads what was previewed, member by member')
from   published_complaint_record p, preview where p.public_reference = read ->> 'public_reference';
select test.is(test.previewed('publisher:quim:city', 1) ->> 'status', 'corrected', 'the next preview is of a correction');
select test.is(test.count_as(who, 'select id from publication_transition where record_id in (test.id(1), test.id(2))'), n::bigint, who || ' reads ' || n || ' moves')
from   (values ('publisher:paula:city', 5), ('coordinator:carla:city', 5), ('coordinator:rosa:city', 0), ('auditor:aldo:city', 5), ('case_handler:hugo:city', 5), ('case_handler:hana:city', 0), ('case_handler:rita:city', 0)) as x (who, n);
select test.is(test.try_as(role, format('insert into publication_transition (%I) select null where false', c)), wanted, role || ' sets ' || c || ' of a move: ' || wanted)
from   unnest('{publisher,coordinator,case_handler}'::text[]) as role,
       (values ('id', 'fine'), ('record_id', 'fine'), ('to_state', 'fine'), ('reason', 'fine'), ('public_note_es', 'fine'), ('public_note_en', 'fine'), ('from_state', '42501'), ('by_subject', '42501'), ('by_role', '42501'), ('at', '42501')) as x (c, wanted);
select test.is(test.try_as(role, s), '42501', role || ' reads neither moves nor looks')
from   unnest('{public,resident,member,police_staff,case}'::text[]) as role, unnest('{"select id from publication_transition","select id from publication_check","select id from publication_check_record"}'::text[]) as s;

-- What is shown
create function test.shown(n int) returns text
language sql as $$
  select concat_ws(' ', p.status, p.kind, p.categories, p.quarter, p.place_rung, p.neighborhood_code, p.state, p.summary_en, p.findings, p.resolution_en)
  from   published_complaint p join complaint c using (public_reference)
  where  c.id = test.id(n)
$$;
select test.is(test.shown(1), 'published complaint {force} 2026-Q1 city received other []', 'what is published shows with place and quarter at their rung');
select test.is(test.count_as('public', 'select * from published_complaint_record where not demo'), 1::bigint, 'anybody reads it');
select test.is(test.shown(2), null, 'a draft does not show');
update allegation set finding = 'sustained', finding_status = 'pending' where complaint_id = test.id(1);
select test.is(test.shown(1), 'published complaint {force} 2026-Q1 city received other []', 'a finding that is pending never shows');
update allegation set finding_status = 'final', outcome = 'discipline', decided_by = 'arbitrator' where complaint_id = test.id(1);
select test.is(test.shown(1), 'published complaint {force} 2026-Q1 city received other [{"finding": "sustained", "category": "force"}]', 'a final one does, without discipline and who decided');
insert into allegation (id, complaint_id, category) values (test.id(77), test.id(1), 'discourtesy');
select test.is(test.shown(1), 'published complaint {discourtesy,force} 2026-Q1 city received other [{"finding": "sustained", "category": "force"}]', 'an allegation that is added shows');
delete from allegation where id = test.id(77);
select test.is(test.shown(1), 'published complaint {force} 2026-Q1 city received other [{"finding": "sustained", "category": "force"}]', 'one that is deleted does not');
insert into resolution (id, complaint_id, text_es, text_en) values (gen_random_uuid(), test.id(1), 'hecho', 'done');
update complaint set state = 'closed' where id = test.id(1);
select test.is(test.shown(1), 'published complaint {force} 2026-Q1 city closed other [{"finding": "sustained", "category": "force"}]', 'the state follows; a resolution only when it was looked at and approved');
update complaint set kind = 'issue' where id = test.id(1);
select test.ok(test.shown(1) like 'published issue %', 'the kind follows');

-- Places, as closely as eleven share them
create function test.neighbors(n int, at timestamptz, state text, kind text default 'complaint') returns text
language sql as $$
  insert into complaint (id, kind, language, notice_version, neighborhood_code, received_at, state)
  select gen_random_uuid(), kind, 'es', '2026-01', 'southeast', at, state from generate_series(1, n);
  select concat_ws(' ', rung, neighborhood) from place_rung(test.id(1));
$$;
update complaint set neighborhood_code = 'southeast' where id = test.id(1);
select test.is(test.neighbors(10, '2026-02-01', 'closed'), 'city', 'ten in a neighborhood are too few');
select test.is(test.neighbors(1, '2025-12-31 12:00:00-05', 'closed'), 'city', 'those of another year do not count');
select test.is(test.neighbors(11, '2026-02-01', 'received'), 'city', 'nor those that nobody has looked at: anybody can file eleven');
select test.is(test.neighbors(11, '2026-02-01', 'closed', 'issue'), 'city', 'nor what is no complaint');
select test.is(test.neighbors(1, '2026-02-01', 'closed'), 'neighborhood southeast', 'eleven show it');
update complaint set state = 'decided' where id = test.id(1);
select test.is(place_rung || coalesce(neighborhood_code, sector, ''), 'city', 'what stands in public never moves to a finer place') from published_complaint where summary_en = 'other';
update complaint set state = 'closed' where id = test.id(1);
update complaint set publish = 'statistics_only' where id = test.id(1);
update complaint set publish = 'summary' where id = test.id(1);
select test.is(status || ' ' || (place_rung is not null) || ' ' || (resolution_en is null), 'published true true', 'who lets it be told again shows its place, and no resolution that was not looked at')
from   published_complaint where summary_en = 'other';

-- Correcting
select test.is(test.move('case_handler:hugo:city', 1, 'drafted'), 'CW008 this transition needs a reason', 'a correction needs a reason');
select test.is(test.move('coordinator:cora:city', 1, 'drafted', 'a mistake'), 'fine', 'a correction begins as a draft, also by a coordinator who is assigned');
select test.is(test.touched_as('case_handler:hugo:city', $$update complaint_publication set summary_en = 'corrected words' where id = test.id(1)$$), 1::bigint, 'it is rewritten');
select test.ok(test.shown(1) like 'published issue % other %', 'what was published stands meanwhile');
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'CW008 this summary has not been checked', 'a correction is looked at, too');
select test.is(test.look('case_handler:hugo:city', 1), 'fine', 'it is looked at') ;
select test.is(test.move('case_handler:hugo:city', 1, 'checked'), 'fine', 'and checked');
select test.is(test.look('publisher:pia:city', 1), 'fine', 'and by who approves');
select test.is(test.move('publisher:pia:city', 1, 'approved'), 'fine', 'and approved');
select test.is(drafters, '{hugo}', 'who wrote on the correction is kept') from complaint_publication where id = test.id(1);
select test.is(test.move('publisher:paula:city', 1, 'published'), 'CW008 what stands in public is corrected, and what does not is published', 'it is a correction');
select test.is(test.move('publisher:paula:city', 1, 'corrected'), 'fine', 'and corrects');
select test.ok(test.shown(1) like 'corrected issue % corrected words %', 'the correction shows as one');

-- Taking back
select test.begin_anew();
select revision as counted, test.shown(1) as corrected from publication where topic = 'published_complaints' \gset
select test.ok(:'corrected' like '% done', 'how it ended shows with it');
insert into resolution (id, complaint_id, text_es, text_en) values (test.id(67), test.id(1), 'sin ver', 'unseen');
update complaint set publish = 'statistics_only' where id = test.id(1);
select test.is(test.shown(1), 'retracted', 'when the complainant no longer lets it be told, nothing of it stays');
select test.ok(revision > :counted, 'the public list has changed') from publication where topic = 'published_complaints';
update complaint set publish = 'summary' where id = test.id(1);
select test.is(test.shown(1), :'corrected', 'what was approved shows again when they do, all of it and nothing that was written since');
select test.is(test.move('publisher:paula:city', 1, 'retracted', 'it was too much'), 'fine', 'a publisher retracts');
select test.is(test.shown(1), 'retracted', 'nothing of it stays');
update allegation set finding = 'unfounded' where complaint_id = test.id(1);
select test.is(test.shown(1), 'retracted', 'whatever happens later');
select test.is(test.count_as('public', 'select * from published_complaint_record where not demo and status = ''retracted'''), 1::bigint, 'mirrors are told');

select test.is(test.look('case_handler:hugo:city', 3), 'fine', 'what is only counted is looked at') ;
select test.is(test.move('case_handler:hugo:city', 3, 'checked'), 'fine', 'and checked');
select test.is(test.look('publisher:pia:city', 3), 'fine', 'by who approves, too');
select test.is(test.move('publisher:pia:city', 3, 'approved'), 'CW008 the complainant lets this be counted, not told', 'but not approved');
update complaint set publish = 'summary' where id = test.id(3);
select test.is(test.move('publisher:pia:city', 3, 'approved'), 'fine', 'unless the complainant lets it be told');
update complaint set publish = 'statistics_only' where id = test.id(3);
select test.is(test.move('publisher:paula:city', 3, 'published'), 'CW008 the complainant lets this be counted, not told', 'and it is never published when they no longer do');
select test.is(test.shown(3), null, 'nothing of it shows');
select test.is(test.try_as(role, f), 'fine', role || ' asks ' || f)
from   unnest('{publisher,coordinator,case_handler,auditor}'::text[]) as role, unnest('{"select summary_digest(gen_random_uuid())","select approves(gen_random_uuid())","select is_for_approval(null)","select from words_to_publish(gen_random_uuid())","select horizon()","select publication_next(p) from complaint_publication p"}'::text[]) as f;
select test.is(test.try_as('public', f), '42501', 'the public does not ask ' || f)
from   unnest('{"select summary_digest(gen_random_uuid())","select approves(gen_random_uuid())","select is_for_approval(null)","select from words_to_publish(gen_random_uuid())","select publication_next(null)","select publication_obstacle(null, null)","select refresh_published(gen_random_uuid())","select place_rung(gen_random_uuid())"}'::text[]) as f;

-- What has been found, and how often one may look
update complaint set identity_to = 'group' where id = test.id(2);
select test.is(test.look('case_handler:hana:city', 2, '[{"member": "/summary/es", "kind": "name", "offset": 0, "length": 3}, {"member": "/summary/es", "kind": "badge", "offset": 9, "length": 4}]'), 'fine', 'what the group may know is found by place');
update complaint set identity_to = 'group_and_police' where id = test.id(2);
select test.ok(bool_and(findings::text like '%offset%'), 'which stays while they may') from publication_check where complaint_id = test.id(2);
update complaint set identity_to = 'nobody' where id = test.id(2);
select test.is(string_agg(findings::text, ' '), '[{"kind": "withheld", "member": "/summary/es"}]', 'and is withheld once nobody may know any more') from publication_check where complaint_id = test.id(2);
select test.is(string_agg(distinct test.look('case_handler:hana:city', 2), ' '), 'fine', 'one looks twenty times') from generate_series(2, 20);
select test.ok(test.look(who, 2) ~ '^CW007 (86399|86400)$', who || ' does not look again for 24 hours, and is told how long') from unnest('{case_handler:hana:city}'::text[]) as who;
select test.is(count(*), 20::bigint, 'and nothing is kept of that') from publication_check where complaint_id = test.id(2);
select test.is(test.look('case_handler:hugo:city', 3), 'fine', 'another publication is looked at meanwhile');
update publication_check set at = at - interval '24 hours' where id = (select id from publication_check where complaint_id = test.id(2) order by at, id limit 1);
select test.is(test.look('case_handler:hana:city', 2), 'fine', 'a look that is 24 hours past counts no more');
select test.ok(test.look('case_handler:hana:city', 2) like 'CW007 %', 'the next does');
select test.is(string_agg(distinct test.look('publisher:pia:city', 2), ' '), 'fine', 'who approves looks twenty times more: none is told how often the other side looked') from generate_series(1, 20);
select test.ok(test.look('publisher:pia:city', 2) ~ '^CW007 (86399|86400)$', 'and not again');
update publication_check set at = at - interval '24 hours' where complaint_id = test.id(2) and by_role = 'publisher';
select test.ok(test.look('case_handler:hana:city', 2) like 'CW007 %', 'when they may again, the others may not') ;

-- What decides where it may go raises its revision, and not the counter of the public list
select set_config('cpwg.role', 'case_handler', true) as ignored \gset
create function test.raises(statement text) returns text
language plpgsql as $$
declare
  was constant bigint := (select revision from complaint_publication where id = test.id(3));
  counted constant bigint := (select revision from publication where topic = 'published_complaints');
begin
  execute statement;
  return (select p.revision > was and c.revision = counted from complaint_publication p, publication c where p.id = test.id(3) and c.topic = 'published_complaints');
end
$$;
select test.is(test.raises(format(s, test.id(3))), 'true', 'its revision rises with: ' || s)
from   unnest('{"insert into publication_check (id, complaint_id, summary, findings) values (gen_random_uuid(), %L, ''x'', ''[]'')",
                "insert into resolution (id, complaint_id, text_es, text_en) values (gen_random_uuid(), %L, ''es'', ''en'')",
                "insert into assignment (id, complaint_id, subject) values (gen_random_uuid(), %L, ''ines'')",
                "update assignment set ended_at = now() where complaint_id = %L and subject = ''ines''"}'::text[]) as s;
select revision as was from complaint_publication where id = test.id(3) \gset
update complaint set publish = 'summary' where id = test.id(3);
select test.ok(revision > :was, 'and with the complainant''s leave') from complaint_publication where id = test.id(3);

-- Indexes, where what is asked for is rare enough that the planner wants them
insert into published_complaint (public_reference, status, kind, quarter, state, neighborhood_code, published_at)
select random_reference('C'), 'published', 'complaint', '2025-Q1', 'triage', 'west-end', now() from generate_series(1, 300);
analyze published_complaint;
select test.ok(test.index_condition_as('public', 'select * from published_complaint_record where ' || q || ' order by updated_at, public_reference limit 51') like '%' || c || '%', 'an index serves ' || q)
from   (values ('kind = ''issue''', 'kind ='), ('quarter = ''2026-Q3''', 'quarter ='), ('state = ''closed''', 'state ='), ('"place.neighborhood" = ''southeast''', 'neighborhood_code ='), ('updated_at >= ''2030-01-01''', 'updated_at >='),
               ('(updated_at, public_reference) > (''2030-01-01'', ''C'')', 'ROW(')) as x (q, c);
insert into complaint (id, kind, language, notice_version) select test.id(5000 + n), 'complaint', 'es', '2026-01' from generate_series(1, 300) as n;
insert into complaint_publication (id, summary_es, summary_en) select test.id(5000 + n), 'es', 'en' from generate_series(1, 300) as n;
analyze complaint_publication;
select test.ok(test.index_condition_as('publisher', 'select * from publication_record where ' || q || ' order by updated_at, id limit 51') like '%' || c || '%', 'an index serves ' || q)
from   (values ('state = ''checked''', 'state ='), ('updated_at >= ''2030-01-01''', 'updated_at >='), ('(updated_at, id) > (''2030-01-01'', ''00000000-0000-4000-8000-000000000001'')', 'ROW(')) as x (q, c);

-- Mirrors: updated_at rises as changes commit only while writers wait for each other before they read the clock
select test.ok(tgtype & 1 = 0 and tgtype & 2 = 2 and tgtype & 28 = 28, 'the counter of the public list is taken before any of its rows is stamped')
from   pg_trigger where tgrelid = 'published_complaint'::regclass and tgname = 'publish';
