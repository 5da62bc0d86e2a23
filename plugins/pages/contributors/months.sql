-- In how many claims had they a part in each month?
select
  substr(date, 1, 7) as month,
  count(distinct coalesce(claim, former_id)) as claims
from contributions indexed by contributions_contributor
where contributor = :id
  and length(date) >= 7
group by month
order by month desc
limit 36;
