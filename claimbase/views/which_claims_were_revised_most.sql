-- Which claims were revised most since they were added, in how many commits and by how many lines?
create view claim_revisions as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  (
    select count(distinct changes.by_commit)
    from changes
    where changes.claim = claims.id
      and changes.kind <> 'created'
  ) as commits,
  (
    select count(*)
    from changes
    where changes.claim = claims.id
      and changes.field = 'confidence'
  ) as confidence_moves,
  (
    select coalesce(sum(changes.added), 0)
    from changes
    where changes.claim = claims.id
  ) as added,
  (
    select coalesce(sum(changes.removed), 0)
    from changes
    where changes.claim = claims.id
  ) as removed,
  documents.first_committed,
  documents.last_committed
from claims
join documents on documents.id = claims.id;
