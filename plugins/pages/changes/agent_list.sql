-- Which agents have made a commit?
select
  id,
  name
from agents
where exists (
  select 1
  from commits
  where commits.agent = agents.id
)
order by name;
