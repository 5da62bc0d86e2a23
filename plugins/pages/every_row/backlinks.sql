-- Which documents refer to this one, otherwise than by an argument, and in what words?
-- The first 100 references, cut before their documents are looked up; a document stands here once, with its first words.
select
  mentions.references_made,
  mentions.relations,
  mentions.reasons,
  mentions.line,
  mentions.label,
  documents.id,
  documents.kind,
  documents.title,
  substr(texts.body, max(1, instr(texts.body, mentions.label) - 200), 800) as passage
from (
  select
    from_document,
    count(*) as references_made,
    group_concat(distinct relation) as relations,
    group_concat(reason, ' · ') as reasons,
    min(line) as line,
    label
  from (
    select *
    from links
    where to_document = :id
      and argument is null
      and from_document <> :id
    limit 100
  )
  group by from_document
) as mentions
join documents on documents.id = mentions.from_document
join texts on texts.id = mentions.from_document
order by
  documents.kind,
  documents.title,
  documents.id;
