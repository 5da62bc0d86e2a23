-- What has each source yielded, and what does it say it yielded that is not there?
create view source_coverage as
select
  sources.id,
  sources.title,
  sources.domain,
  sources.status,
  (
    select count(distinct evidence.claim)
    from evidence
    where evidence.source = sources.id
  ) as claims,
  (
    select count(*)
    from evidence
    where evidence.source = sources.id
      and evidence.rule = 'block'
  ) as blocks,
  (
    select count(*)
    from links
    where links.from_document = sources.id
      and links.relation = 'extracted'
  ) as said_extracted,
  (
    select count(*)
    from links
    where links.from_document = sources.id
      and links.relation = 'enriched'
  ) as said_enriched,
  (
    select count(*)
    from problems
    where problems.document = sources.id
      and problems.code = 'extracted-but-absent'
  ) as absent,
  (
    select count(*)
    from problems
    where problems.document = sources.id
      and problems.code = 'enrichment-without-evidence'
  ) as without_evidence,
  sources.path
from sources;
