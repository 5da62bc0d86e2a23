-- What does a knowledge base of claims look like as tables?
-- Ids are slugs, so that addresses read well and last; a claim, source or entity has the id of its document.

create table about (
  name text primary key,
  value text not null
) strict;

create table confidences (
  id text primary key,
  rank integer not null unique,
  meaning text not null
) strict;

create table relations (
  id text primary key,
  argument integer not null check (argument in (0, 1)),
  meaning text not null
) strict;

create table rules (
  id text primary key,
  rank integer not null unique,
  meaning text not null
) strict;

create table evidence_rules (
  id text primary key,
  meaning text not null
) strict;

create table measures (
  id text primary key,
  unit text not null,
  meaning text not null
) strict;

create table problem_codes (
  id text primary key,
  severity text not null check (severity in ('error', 'warning', 'info')),
  weight integer not null,
  meaning text not null,
  remedy text not null
) strict;

create table domains (
  id text primary key,
  title text not null,
  folder text,
  map text references documents (id)
) strict;

create table agents (
  id text primary key,
  name text not null,
  description text,
  domain text references domains (id),
  folder text
) strict;

create table documents (
  id text primary key,
  path text not null unique,
  kind text not null,
  type text,
  title text not null,
  domain text references domains (id),
  body text,
  front_matter text not null check (json_valid(front_matter)),
  reading text not null check (reading in ('whole', 'recovered', 'none', 'refused', 'unreadable')),
  size integer not null,
  sha256 text not null,
  first_committed text,
  last_committed text
) strict;

create table claims (
  id text primary key,
  title text not null,
  description text,
  type text,
  domain text references domains (id),
  confidence text references confidences (id),
  confidence_text text,
  source text,
  url text,
  doi text,
  arxiv text,
  year integer,
  created text,
  created_precision text check (created_precision in ('day', 'month', 'year')),
  last_evaluated text,
  last_evaluated_precision text check (last_evaluated_precision in ('day', 'month', 'year')),
  scope text,
  agent text references agents (id),
  sourcer text,
  status text,
  body text not null,
  words integer not null,
  path text not null unique,
  twin_of text references claims (id)
) strict;

create table sources (
  id text primary key,
  title text not null,
  author text,
  url text,
  doi text,
  arxiv text,
  year integer,
  date text,
  date_precision text check (date_precision in ('day', 'month', 'year')),
  format text,
  status text,
  domain text references domains (id),
  processed_by text references agents (id),
  processed_date text,
  processed_date_precision text check (processed_date_precision in ('day', 'month', 'year')),
  extraction_model text,
  priority text,
  notes text,
  body text not null,
  words integer not null,
  path text not null unique,
  twin_of text references sources (id)
) strict;

create table entities (
  id text primary key,
  name text not null,
  entity_type text,
  domain text references domains (id),
  status text,
  tracked_by text references agents (id),
  parent text references entities (id),
  website text,
  category text,
  founded text,
  summary text,
  created text,
  created_precision text check (created_precision in ('day', 'month', 'year')),
  body text not null,
  path text not null unique
) strict;

create table beliefs (
  id text primary key,
  number integer not null,
  title text not null,
  agent text references agents (id),
  domain text references domains (id),
  body text not null,
  document text not null references documents (id),
  path text not null,
  line integer not null
) strict;

create table positions (
  id text primary key,
  title text not null,
  description text,
  agent text references agents (id),
  domain text references domains (id),
  status text,
  outcome text,
  confidence text references confidences (id),
  confidence_text text,
  time_horizon text,
  performance_criteria text,
  created text,
  created_precision text check (created_precision in ('day', 'month', 'year')),
  body text not null,
  path text not null unique
) strict;

create table commits (
  id text primary key,
  number integer not null unique,
  date text not null,
  author text not null,
  subject text not null,
  prefix text,
  pull_request integer,
  agent text references agents (id),
  agent_mode text,
  source text references sources (id),
  source_text text,
  domain text references domains (id),
  domain_text text,
  claims integer,
  entities integer,
  enrichments integer,
  extracted_by text,
  extraction_model text,
  merge integer not null check (merge in (0, 1)),
  merged_in text references commits (id)
) strict;

create table changes (
  id integer primary key,
  claim text references claims (id),
  former_id text,
  domain text references domains (id),
  path text not null,
  by_commit text not null references commits (id),
  date text not null,
  kind text not null check (kind in ('created', 'renamed', 'deleted', 'field', 'body')),
  field text,
  old text,
  new text,
  added integer,
  removed integer,
  check ((claim is null) = (former_id is not null)),
  check ((kind = 'field') = (field is not null)),
  check ((kind = 'body') = (added is not null and removed is not null))
) strict;

create table former_names (
  path text primary key,
  former_id text not null,
  kind text not null,
  document text references documents (id),
  claim text references claims (id),
  by_commit text not null references commits (id),
  date text not null
) strict;

create table roles (
  id text primary key,
  weight real,
  meaning text not null
) strict;

create table contribution_rules (
  id text primary key,
  meaning text not null
) strict;

create table contributors (
  id text primary key,
  name text not null,
  agent text references agents (id)
) strict;

create table contributions (
  id integer primary key,
  contributor text not null references contributors (id),
  role text not null references roles (id),
  claim text references claims (id),
  former_id text,
  domain text references domains (id),
  date text,
  rule text not null references contribution_rules (id),
  path text not null,
  by_commit text references commits (id),
  check ((claim is null) = (former_id is not null))
) strict;

create table tags (
  id text primary key
) strict;

create table document_tags (
  document text not null references documents (id),
  tag text not null references tags (id),
  primary key (document, tag)
) strict, without rowid;

create table secondary_domains (
  document text not null references documents (id),
  domain text not null references domains (id),
  primary key (document, domain)
) strict, without rowid;

create table arguments (
  id integer primary key,
  from_claim text not null references claims (id),
  relation text not null references relations (id),
  to_claim text not null references claims (id),
  asserted integer not null check (asserted in (0, 1)),
  witnesses integer not null check (witnesses > 0),
  unique (from_claim, relation, to_claim)
) strict;

create table links (
  id integer primary key,
  from_document text not null references documents (id),
  from_claim text references claims (id),
  from_belief text references beliefs (id),
  from_position text references positions (id),
  relation text not null references relations (id),
  label text not null,
  display text,
  reason text,
  form text not null check (form in ('wiki', 'markdown', 'path', 'value', 'bare', 'prose')),
  field text not null,
  section text,
  path text not null,
  line integer not null,
  asserted integer not null check (asserted in (0, 1)),
  state text not null check (state in ('resolved', 'ambiguous', 'dead', 'prose')),
  rule text references rules (id),
  candidates text,
  suggestion text,
  to_document text references documents (id),
  to_claim text references claims (id),
  to_source text references sources (id),
  to_entity text references entities (id),
  to_belief text references beliefs (id),
  to_position text references positions (id),
  argument integer references arguments (id),
  check ((to_document is null) = (rule is null)),
  check ((to_document is null) = (state in ('dead', 'prose')))
) strict;

create table evidence (
  id integer primary key,
  claim text not null references claims (id),
  source text references sources (id),
  kind text not null check (kind in ('origin', 'extend', 'confirm', 'challenge', 'cites')),
  rule text not null references evidence_rules (id),
  note text,
  added text,
  extractor text,
  text text,
  path text not null,
  line integer,
  by_commit text references commits (id)
) strict;

create table metrics (
  claim text primary key references claims (id),
  supports integer not null,
  supported_by integer not null,
  challenges integer not null,
  challenged_by integer not null,
  objections integer not null,
  rests_on integer not null,
  carries integer not null,
  related integer not null,
  neighbours integer not null,
  mentions integer not null,
  sources integer not null,
  centrality real not null,
  weakest_claim text references claims (id),
  weakest_confidence text references confidences (id),
  overrated integer not null check (overrated in (0, 1)),
  depth integer,
  cycle integer,
  falling_claims integer not null,
  falling_beliefs integer not null,
  falling_positions integer not null,
  age integer
) strict, without rowid;

create table dependencies (
  node text not null,
  kind text not null check (kind in ('claim', 'belief', 'position')),
  premise text not null,
  premise_kind text not null check (premise_kind in ('claim', 'belief', 'position')),
  primary key (node, premise)
) strict, without rowid;

create table cycles (
  id integer primary key,
  cycle integer not null,
  claim text references claims (id),
  belief text references beliefs (id),
  position text references positions (id)
) strict;

create table contradictions (
  id integer primary key,
  claim text not null references claims (id),
  other text not null references claims (id),
  kind text not null check (kind in ('mixed', 'rated')),
  asserted integer not null check (asserted in (0, 1))
) strict;

create table near_duplicates (
  claim text not null references claims (id),
  other text not null references claims (id),
  twin integer not null check (twin in (0, 1)),
  title_likeness real not null check (title_likeness between 0 and 1),
  body_likeness real not null check (body_likeness between 0 and 1),
  primary key (claim, other)
) strict, without rowid;

create table similar_claims (
  claim text not null references claims (id),
  rank integer not null,
  other text not null references claims (id),
  score real not null,
  reason text not null,
  primary key (claim, rank)
) strict, without rowid;

create table vital_signs (
  id integer primary key,
  domain text references domains (id),
  measure text not null references measures (id),
  value real not null
) strict;

create table places (
  claim text primary key references claims (id),
  x integer not null,
  y integer not null
) strict, without rowid;

create table problems (
  id integer primary key,
  path text not null,
  line integer,
  code text not null references problem_codes (id),
  severity text not null check (severity in ('error', 'warning', 'info')),
  message text not null,
  suggestion text,
  document text references documents (id),
  claim text references claims (id)
) strict;
