-- Which claims changed their confidence, when, by which commit, and how far up or down?
create view confidence_moves as
select
  changes.id,
  changes.claim,
  coalesce(claims.title, changes.former_id) as title,
  changes.domain,
  changes.date,
  changes.old,
  changes.new,
  latter.rank - former.rank as steps,
  commits.agent,
  commits.author,
  commits.subject,
  changes.by_commit
from changes
join commits on commits.id = changes.by_commit
left join claims on claims.id = changes.claim
left join confidences as former on former.id = changes.old
left join confidences as latter on latter.id = changes.new
where changes.field = 'confidence';
