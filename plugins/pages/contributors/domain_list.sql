-- In which domains did they do what, in how many claims?
select
  domains.id,
  coalesce(domains.title, 'No domain') as title,
  sum(contributor_roles.claims) as parts,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'proposer') as proposer,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'sourcer') as sourcer,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'extractor') as extractor,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'challenger') as challenger,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'synthesizer') as synthesizer,
  sum(contributor_roles.claims) filter (where contributor_roles.role = 'reviewer') as reviewer
from contributor_roles
left join domains on domains.id = contributor_roles.domain
where contributor_roles.contributor = :id
group by contributor_roles.domain
order by
  parts desc,
  domains.id;
