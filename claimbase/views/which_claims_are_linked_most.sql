-- Which claims do other documents link to most, and how many of those links are arguments?
create view most_linked_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  count(*) as links,
  count(distinct links.from_document) as documents,
  sum(links.argument is not null) as arguments
from claims
join links on links.to_claim = claims.id
  and links.from_document <> claims.id
group by claims.id;
