-- Where can files of the base be looked at?
select value as repo_url
from about
where name = 'repo_url';
