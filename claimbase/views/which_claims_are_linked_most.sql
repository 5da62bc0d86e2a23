-- Which claims do other documents link to most, and how many of those links are arguments?
create view most_linked_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  metrics.mentions as links,
  (
    select count(distinct links.from_document)
    from links
    where links.to_claim = metrics.claim
      and links.from_document <> metrics.claim
  ) as documents,
  (
    select count(*)
    from links
    where links.to_claim = metrics.claim
      and links.from_document <> metrics.claim
      and links.argument is not null
  ) as arguments
from metrics
join claims on claims.id = metrics.claim
where metrics.mentions > 0;
