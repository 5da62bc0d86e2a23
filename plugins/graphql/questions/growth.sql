-- How many claims were written in each month, and how many were there by its end? The first month first.
select
  '' as key,
  month,
  claims,
  sum(claims) over (order by month) as total
from (
  select
    substr(created, 1, 7) as month,
    count(*) as claims
  from claims
  where created_precision in ('day', 'month')
    and domain is coalesce(:domain, domain)
  group by month
)
order by month
