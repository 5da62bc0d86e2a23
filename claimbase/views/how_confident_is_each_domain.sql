-- How are the confidences of each domain spread?
create view domain_confidences as
select
  domains.id,
  domains.title,
  count(*) as claims,
  sum(claims.confidence = 'proven') as proven,
  sum(claims.confidence = 'likely') as likely,
  sum(claims.confidence = 'experimental') as experimental,
  sum(claims.confidence = 'speculative') as speculative,
  sum(claims.confidence is null) as unrated
from domains
join claims on claims.domain = domains.id
group by domains.id;
