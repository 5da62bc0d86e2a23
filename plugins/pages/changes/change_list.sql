-- What changed, the newest first, of the claim, commit, agent, domain, kind and field asked for?
-- A page of it, behind the change whose date and id are in :behind, and one row more where there is a next one. What
-- leaves least of what is asked for has its rows found by its index; the rest is looked at in these, in their order.
select change_log.*
from (
  select
    id,
    date
  from (
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim <> ''
      and claim = :claim
    union all
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim = ''
      and :by_commit <> ''
      and by_commit = :by_commit
    union all
    select changes.id, commits.date, changes.domain, changes.kind, changes.field, changes.by_commit
    from commits
    cross join changes on changes.by_commit = commits.id
    where :claim || :by_commit = ''
      and :agent <> ''
      and commits.agent = :agent
    union all
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim || :by_commit || :agent = ''
      and :domain <> ''
      and domain = :domain
    union all
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim || :by_commit || :agent || :domain = ''
      and :field <> ''
      and field = :field
    union all
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim || :by_commit || :agent || :domain || :field = ''
      and :kind <> ''
      and kind = :kind
    union all
    select id, date, domain, kind, field, by_commit
    from changes
    where :claim || :by_commit || :agent || :domain || :field || :kind = ''
  ) as found
  where date <= coalesce(nullif(substr(:behind, 1, 20), ''), '9')
    and (date < coalesce(nullif(substr(:behind, 1, 20), ''), '9') or id > cast(substr(:behind, 22) as integer))
    and :domain in ('', domain)
    and :kind in ('', kind)
    and :field in ('', field)
    and :by_commit in ('', by_commit)
    and (:agent = '' or (select agent from commits where commits.id = by_commit) = :agent)
  order by
    date desc,
    id
  limit 101
) as page
cross join change_log on change_log.id = page.id
order by
  page.date desc,
  page.id;
