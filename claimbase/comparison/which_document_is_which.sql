-- Which document of the old database is which of the new one?
-- A file is first known by its path, then by what the history of the new one says it is called now, then by its name,
-- then by its bytes, and a claim at last by its title. Each counts only where it says the same of one alone.
create temp table pairs (
  old text primary key,
  new text not null unique
) strict, without rowid;

insert into pairs
select
  before.id,
  after.id
from old.documents as before
join new.documents as after using (path);

insert into pairs
select
  min(before.id),
  former_names.document
from old.documents as before
join new.former_names as former_names using (path)
where former_names.document is not null
  and before.id not in (select old from pairs)
  and former_names.document not in (select new from pairs)
group by former_names.document
having count(*) = 1;

insert into pairs
select
  before.id,
  after.id
from old.documents as before
join new.documents as after using (id)
where before.id not in (select old from pairs)
  and after.id not in (select new from pairs);

insert into pairs
select
  min(before.id),
  min(after.id)
from old.documents as before
join new.documents as after using (sha256)
where before.id not in (select old from pairs)
  and after.id not in (select new from pairs)
group by sha256
having count(*) = 1;

insert into pairs
select
  min(before.id),
  min(after.id)
from old.claims as before
join new.claims as after using (title)
where before.id not in (select old from pairs)
  and after.id not in (select new from pairs)
group by title
having count(*) = 1;
