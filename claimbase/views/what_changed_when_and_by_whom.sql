-- What changed in which claim, when, by whom, in which commit and drawn from which source?
create view change_log as
select
  changes.id,
  changes.date,
  changes.claim,
  claims.title,
  changes.former_id,
  changes.path,
  changes.domain,
  changes.kind,
  changes.field,
  changes.old,
  changes.new,
  changes.added,
  changes.removed,
  changes.by_commit,
  commits.subject,
  commits.author,
  commits.agent,
  agents.name as agent_name,
  coalesce(commits.pull_request, merges.pull_request) as pull_request,
  commits.source,
  sources.title as source_title
from changes
join commits on commits.id = changes.by_commit
left join commits as merges on merges.id = commits.merged_in
left join claims on claims.id = changes.claim
left join agents on agents.id = commits.agent
left join sources on sources.id = commits.source;
