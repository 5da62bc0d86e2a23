-- What should be mended next, and why? Weights of its problems, times how much refers to a document or rests on it.
create view review_queue as
with faults as (
  select distinct
    document,
    code
  from problems
  where document is not null
)
select
  documents.id as document,
  documents.kind,
  documents.title,
  documents.domain,
  round(
    sum(problem_codes.weight)
    * (1 + coalesce(metrics.falling_claims + metrics.falling_beliefs + metrics.falling_positions + metrics.mentions, 0) / 10.0),
    1
  ) as weight,
  group_concat(faults.code, ', ') as why,
  coalesce(metrics.falling_claims + metrics.falling_beliefs + metrics.falling_positions, 0) as falling,
  coalesce(metrics.mentions, 0) as mentions,
  documents.path
from faults
join problem_codes on problem_codes.id = faults.code
join documents on documents.id = faults.document
left join metrics on metrics.claim = faults.document
group by documents.id;
