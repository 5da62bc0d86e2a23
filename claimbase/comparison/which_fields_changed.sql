-- Which claims say otherwise than before what they are called, how they stand and where they belong?
with
both_sides as materialized (
  select
    after.title,
    after.path,
    before.title as old_title,
    before.status as old_status,
    before.domain as old_domain,
    before.agent as old_agent,
    after.status,
    after.domain,
    after.agent
  from pairs
  join old.claims as before on before.id = pairs.old
  join new.claims as after on after.id = pairs.new
)
select title, path, 'title' as field, old_title as old, title as new
from both_sides
where old_title is not title
union all
select title, path, 'status', old_status, status
from both_sides
where old_status is not status
union all
select title, path, 'domain', old_domain, domain
from both_sides
where old_domain is not domain
union all
select title, path, 'agent', old_agent, agent
from both_sides
where old_agent is not agent
order by path, field;
