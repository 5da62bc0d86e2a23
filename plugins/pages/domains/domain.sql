-- What is this domain, how large is it, and how confident?
select
  domains.*,
  count(claims.id) as claims,
  count(*) filter (where claims.confidence = 'proven') as proven,
  count(*) filter (where claims.confidence = 'likely') as likely,
  count(*) filter (where claims.confidence = 'experimental') as experimental,
  count(*) filter (where claims.confidence = 'speculative') as speculative,
  count(claims.id) filter (where claims.confidence is null) as unrated
from domains
left join claims indexed by claims_domain on claims.domain = domains.id
where domains.id = :id
group by domains.id;
