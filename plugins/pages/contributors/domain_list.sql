-- In which domains did they do what, and how often?
select
  domains.id,
  coalesce(domains.title, 'No domain') as title,
  count(*) as contributions,
  sum(contributions.role = 'proposer') as proposer,
  sum(contributions.role = 'sourcer') as sourcer,
  sum(contributions.role = 'extractor') as extractor,
  sum(contributions.role = 'challenger') as challenger,
  sum(contributions.role = 'synthesizer') as synthesizer,
  sum(contributions.role = 'reviewer') as reviewer
from contributions indexed by contributions_contributor
left join domains on domains.id = contributions.domain
where contributions.contributor = :id
group by contributions.domain
order by
  contributions desc,
  domains.id;
