-- How many claims are in both databases and read otherwise than before?
select count(*) as claims
from pairs
join old.claims on old.claims.id = pairs.old
join new.claims on new.claims.id = pairs.new
join old.documents as before on before.id = pairs.old
join new.documents as after on after.id = pairs.new
where before.sha256 <> after.sha256;
