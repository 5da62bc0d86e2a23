-- What supports, challenges or carries this claim, and what does it support, challenge or rest on?
select
  claim_arguments.stance,
  claim_arguments.other,
  claim_arguments.other_title,
  claim_arguments.other_confidence,
  claim_arguments.asserted,
  (
    select group_concat(links.reason, ' · ')
    from links
    where links.argument = claim_arguments.argument
  ) as reason
from claim_arguments
where claim_arguments.claim = :id
order by claim_arguments.other_title
limit 200;
