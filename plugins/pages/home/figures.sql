-- How large is the base, and how sound?
select 'claims' as label, 'claims' as target, count(*) as number from claims
union all
select 'sources', 'sources', count(*) from sources
union all
select 'arguments between claims', 'arguments', count(*) from arguments
union all
select 'links that lead nowhere', 'wanted', count(*) from links where state = 'dead'
union all
select 'confident claims nobody challenged', 'unchallenged', count(*) from unchallenged_claims
union all
select 'claims without a source', 'unsourced', count(*) from unsourced_claims
union all
select 'problems', 'problem_summary', count(*) from problems;
