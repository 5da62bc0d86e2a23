-- Which archived sources bear on no claim at all?
create view idle_sources as
select
  sources.id,
  sources.title,
  sources.author,
  sources.date,
  sources.domain,
  sources.status,
  sources.path
from sources
where not exists (
  select 1
  from evidence
  where evidence.source = sources.id
);
