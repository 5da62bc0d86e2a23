-- Which claim, domain, confidence and word of this base shall the examples of the guide ask for?
-- The claim that carries most; of its title the longest word in plain letters, which any language can quote.
with recursive chosen (id, title, domain, confidence) as (
  select claims.id, claims.title, claims.domain, claims.confidence
  from metrics
  join claims on claims.id = metrics.claim
  order by metrics.falling_claims desc, metrics.claim
  limit 1
),
words (word, rest) as (
  select '', lower(title) || ' '
  from chosen
  union all
  select substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
  from words
  where rest <> ''
)
select
  chosen.id as claim,
  chosen.title,
  coalesce(chosen.domain, (
    select min(domain)
    from claims
  )) as domain,
  coalesce(chosen.confidence, 'likely') as confidence,
  coalesce((
    select word
    from words
    where word <> ''
      and word not glob '*[^a-z]*'
    order by length(word) desc, word
    limit 1
  ), 'claim') as word
from chosen;
