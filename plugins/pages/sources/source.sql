-- What is this source?
select
  sources.*,
  domains.title as domain_title
from sources
left join domains on domains.id = sources.domain
where sources.id = :id;
