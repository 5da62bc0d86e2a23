-- Which references lead nowhere and did not before, and which lead somewhere at last?
-- A reference is the same where the same document says the same in the same place: lines move when a file is edited.
with
before as (
  select
    pairs.new as document,
    links.field,
    links.label,
    max(links.state = 'dead') as dead,
    max(links.to_document) as target
  from old.links as links
  join pairs on pairs.old = links.from_document
  where links.state <> 'prose'
  group by pairs.new, links.field, links.label
),
after as (
  select
    links.from_document as document,
    links.field,
    links.label,
    links.path,
    min(links.line) as line,
    max(links.state = 'dead') as dead,
    max(links.to_document) as target
  from new.links as links
  where links.state <> 'prose'
  group by links.from_document, links.field, links.label
)
select
  after.path,
  after.line,
  after.label,
  coalesce(old_target.path, new_target.path) as target,
  after.dead as broken
from before
join after using (document, field, label)
left join old.documents as old_target on after.dead and old_target.id = before.target
left join new.documents as new_target on before.dead and new_target.id = after.target
where before.dead <> after.dead
order by after.path, after.line, after.label;
