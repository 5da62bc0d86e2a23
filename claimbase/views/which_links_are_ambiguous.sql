-- Which links fit several documents equally well, and which document were they taken for?
create view ambiguous_links as
select
  id,
  label,
  path,
  line,
  rule,
  to_document as taken_for,
  candidates
from links
where state = 'ambiguous';
