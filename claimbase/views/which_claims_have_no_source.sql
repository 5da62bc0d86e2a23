-- Which claims can be traced to no archived source, and what do they say of their origin instead?
create view unsourced_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  claims.source,
  claims.created,
  claims.path
from claims
where not exists (
  select 1
  from evidence
  where evidence.claim = claims.id
    and evidence.kind <> 'challenge'
    and evidence.source is not null
);
