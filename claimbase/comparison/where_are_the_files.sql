-- Where on the web are the files of each database, with {path} in the place of a file's path?
select
  (select value from old.about where name = 'repo_url') as old,
  (select value from new.about where name = 'repo_url') as new;
