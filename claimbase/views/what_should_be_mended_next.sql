-- What should be mended next, and why? Weights of its problems, times how much refers to a document or rests on it.
create view review_queue as
with faults as (
  select distinct
    problems.document,
    problems.code,
    problem_codes.weight
  from problems
  join problem_codes on problem_codes.id = problems.code
  where problems.document is not null
  order by
    problems.document,
    problems.code
),
reasons as (
  select
    document,
    sum(weight) as weight,
    group_concat(code, ', ') as why
  from faults
  group by document
)
select
  documents.id as document,
  documents.kind,
  documents.title,
  documents.domain,
  round(
    reasons.weight
    * (1 + coalesce(metrics.falling_claims + metrics.falling_beliefs + metrics.falling_positions + metrics.mentions, 0) / 10.0),
    1
  ) as weight,
  reasons.why,
  coalesce(metrics.falling_claims + metrics.falling_beliefs + metrics.falling_positions, 0) as falling,
  coalesce(metrics.mentions, 0) as mentions,
  documents.path
from reasons
join documents on documents.id = reasons.document
left join metrics on metrics.claim = reasons.document;
