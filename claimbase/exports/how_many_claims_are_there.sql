-- How many claims are there?
select count(*) as claims
from claims;
