-- Which links fit several documents equally well, and which document were they taken for?
create view ambiguous_links as
select
  links.id,
  links.label,
  links.path,
  links.line,
  links.rule,
  links.to_document as taken_for,
  (
    select group_concat(twins.path, '; ')
    from documents as twins
    where twins.id <> links.to_document
      and twins.title = chosen.title
  ) as others
from links
join documents as chosen on chosen.id = links.to_document
where links.state = 'ambiguous';
