-- Where on the web can the files of the base be looked at?
select value
from about
where name = 'repo_url';
