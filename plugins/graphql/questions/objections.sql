-- What speaks against these claims: other claims, sources, documents that are no claims, or words alone?
select
  spoken.*,
  row_number() over (partition by spoken.key order by spoken.sort, spoken.id) as place,
  count(*) over (partition by spoken.key) as total
from (
  select
    to_claim as key,
    1 as sort,
    id,
    from_claim as claim,
    null as source,
    from_claim as document,
    null as words,
    null as path,
    null as line
  from arguments
  where to_claim in (select value from json_each(:keys))
    and relation = 'challenges'
  union all
  select claim, 2, id, null, source, source, coalesce(text, note), path, line
  from evidence
  where claim in (select value from json_each(:keys))
    and kind = 'challenge'
  union all
  select to_claim, 3, id, null, null, from_document, coalesce(reason, label), path, line
  from links
  where to_claim in (select value from json_each(:keys))
    and relation = 'challenges'
    and from_claim is null
  union all
  select from_claim, 4, id, null, null, null, label, path, line
  from links
  where from_claim in (select value from json_each(:keys))
    and relation = 'challenged_by'
    and state = 'prose'
) as spoken
