-- getNotice: one version of what whoever files a complaint is told
select n.version, n.text_es as "text.es", n.text_en as "text.en", n.in_force_from, p.revision as "_revision"
from   notice n, publication p
where  n.version = :version
and    p.topic = 'notices';
