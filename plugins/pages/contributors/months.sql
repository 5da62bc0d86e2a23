-- How much did they do in each month?
select
  substr(date, 1, 7) as month,
  count(*) as contributions
from contributions indexed by contributions_contributor
where contributor = :id
  and length(date) >= 7
group by month
order by month desc
limit 36;
