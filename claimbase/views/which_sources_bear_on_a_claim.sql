-- Which sources bear on each claim, how, and by which rules do we know?
create view claim_sources as
select
  evidence.claim,
  evidence.source,
  sources.title,
  sources.author,
  sources.date,
  sources.url,
  group_concat(distinct evidence.kind) as kinds,
  group_concat(distinct evidence.rule) as rules
from evidence
join sources on sources.id = evidence.source
group by
  evidence.claim,
  evidence.source
order by
  evidence.claim,
  evidence.source;
