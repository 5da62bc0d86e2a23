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
where not exists (
    select 1
    from links
    where links.from_claim = claims.id
      and links.to_claim is not null
      and links.to_claim <> claims.id
  )
  and not exists (
    select 1
    from links
    where links.to_claim = claims.id
      and links.from_claim is not null
      and links.from_claim <> claims.id
  );
