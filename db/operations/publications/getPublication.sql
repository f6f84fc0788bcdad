-- getPublication: what is to be told of a complaint, and how far it has come
select *
from   publication_record
where  id = :id;
