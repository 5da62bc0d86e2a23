-- Which claims have no link to or from any other claim, apart from topic maps?
create view orphan_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  claims.created,
  claims.path
from claims
join metrics on metrics.claim = claims.id
where metrics.neighbours = 0;
