-- How many claims were created in each month?
select
  substr(created, 1, 7) as month,
  count(*) as claims
from claims
where created is not null
  and length(created) >= 7
group by month
order by month desc
limit 36;
