-- Which sources bear on this claim, and in which way?
select
  evidence.kind,
  evidence.rule,
  evidence.note,
  evidence.added,
  evidence.source,
  sources.title,
  sources.author,
  sources.date
from evidence
left join sources on sources.id = evidence.source
where evidence.claim = :id
group by
  evidence.kind,
  coalesce(evidence.source, evidence.id)
order by
  evidence.kind = 'cites',
  sources.date,
  evidence.id
limit 200;
