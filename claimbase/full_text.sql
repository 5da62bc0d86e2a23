-- In which words do claims and documents say what they say?

create virtual table claims_fts using fts5 (
  title,
  description,
  body,
  content="claims",
  tokenize="porter unicode61"
);

create virtual table documents_fts using fts5 (
  title,
  body,
  content="texts",
  tokenize="porter unicode61"
);
