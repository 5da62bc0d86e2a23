-- What has been said against this claim, in the titles of other claims and of sources, and in words?
select claims.title as words
from arguments
join claims on claims.id = arguments.from_claim
where arguments.to_claim = :claim
  and arguments.relation = 'challenges'
union
select label
from links
where from_claim = :claim
  and relation = 'challenged_by'
  and state = 'prose'
union
select coalesce(sources.title, evidence.note, evidence.text, '')
from evidence
left join sources on sources.id = evidence.source
where evidence.claim = :claim
  and evidence.kind = 'challenge'
order by words;
