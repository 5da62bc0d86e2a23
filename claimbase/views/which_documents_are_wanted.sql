-- Which documents do others refer to although nobody has written them, and how often?
create view wanted_documents as
select
  min(links.label) as label,
  count(*) as links,
  count(distinct links.from_document) as documents,
  max(problems.suggestion) as suggestion,
  min(links.path || ':' || links.line) as first_seen
from links
left join problems on problems.path = links.path
  and problems.line = links.line
  and problems.code = 'dead-link'
  and instr(problems.message, '"' || links.label || '"') > 0
where links.state = 'dead'
group by lower(links.label);
