-- What supports, challenges or carries this claim, and what does it support, challenge or rest on?
-- Of each stance the first 50 by their number, so that a claim which thousands lean on has its page as fast as any.
with near (id, stance, other) as (
  select
    arguments.id,
    case arguments.relation
      when 'supports' then 'supported by'
      when 'challenges' then 'challenged by'
      when 'depends_on' then 'carries'
      else 'related to'
    end,
    arguments.from_claim
  from relations
  join arguments on arguments.id in (
    select id
    from arguments
    where to_claim = :id
      and relation = relations.id
    limit 50
  )
  union all
  select
    arguments.id,
    case arguments.relation
      when 'supports' then 'supports'
      when 'challenges' then 'challenges'
      when 'depends_on' then 'rests on'
      else 'related to'
    end,
    arguments.to_claim
  from relations
  join arguments on arguments.id in (
    select id
    from arguments
    where from_claim = :id
      and relation = relations.id
    limit 50
  )
)
select
  near.stance,
  near.other,
  claims.title as other_title,
  claims.confidence as other_confidence,
  arguments.asserted,
  (
    select group_concat(links.reason, ' · ')
    from links
    where links.argument = near.id
  ) as reason
from near
join arguments on arguments.id = near.id
join claims on claims.id = near.other
order by claims.title;
