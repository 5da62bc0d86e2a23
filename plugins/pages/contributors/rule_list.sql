-- What says that they did it, and how often?
select
  contribution_rules.id,
  contribution_rules.meaning,
  count(*) as contributions
from contributions indexed by contributions_contributor
join contribution_rules on contribution_rules.id = contributions.rule
where contributions.contributor = :id
group by contribution_rules.rowid
order by contribution_rules.rowid;
