-- What is this domain, how large is it, and how confident?
select
  domains.*,
  coalesce(domain_confidences.claims, 0) as claims,
  coalesce(domain_confidences.proven, 0) as proven,
  coalesce(domain_confidences.likely, 0) as likely,
  coalesce(domain_confidences.experimental, 0) as experimental,
  coalesce(domain_confidences.speculative, 0) as speculative,
  coalesce(domain_confidences.unrated, 0) as unrated
from domains
left join domain_confidences on domain_confidences.id = domains.id
where domains.id = :id;
