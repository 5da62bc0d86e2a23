-- How sound is each domain, and the whole, by the vital signs of a knowledge base?
create view domain_health as
select
  vital_signs.domain as id,
  coalesce(domains.title, 'The whole base') as title,
  max(value) filter (where measure = 'claims') as claims,
  max(value) filter (where measure = 'linkage_density') as linkage_density,
  max(value) filter (where measure = 'orphan_ratio') as orphan_ratio,
  max(value) filter (where measure = 'sourced_share') as sourced_share,
  max(value) filter (where measure = 'challenged_share') as challenged_share,
  max(value) filter (where measure = 'overrated_share') as overrated_share,
  max(value) filter (where measure = 'median_age') as median_age,
  max(value) filter (where measure = 'evidence_age') as evidence_age
from vital_signs
left join domains on domains.id = vital_signs.domain
group by vital_signs.domain;
