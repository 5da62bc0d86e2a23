"""Recognise: whose life each life is, by the documents that are there now."""

from __future__ import annotations

from claimbase.classify import classify
from claimbase.commits import read_commit
from claimbase.parse import parse
from claimbase.recognise import recognise
from claimbase.records import Commit, Document, Edit, File, History, Life, Provenance, Subject

NAPS, REST, PAPER = "domains/sleep/naps.md", "domains/sleep/rest.md", "inbox/archive/paper.md"


def document(path: str) -> Document:
    return classify(parse(File(path, b"Text.", None)))


def commit(number: int, source: str | None = None) -> Commit:
    return read_commit(str(number), (), None)._replace(source=source)


def life(path: str | None, *edits: tuple[Commit, Edit], former: tuple[tuple[str, Commit], ...] = ()) -> Life:
    return Life(path, edits, former)


def told(documents: list[Document], *lives: Life) -> Provenance:
    commits = {commit.hash: commit for life in lives for commit, _ in life.edits}
    return recognise(History("whole", tuple(commits.values()), lives=lives), documents)


def test_a_life_is_that_of_the_document_at_its_path() -> None:
    one = life(NAPS, (commit(1), Edit("created", NAPS)))
    found = told([document(NAPS)], one)
    assert found.documents == {"naps": one}
    assert found.claims == ((one, Subject("naps", None, "sleep")),)


def test_what_is_no_more_is_a_claim_where_its_last_path_is_one_of_claims() -> None:
    gone = life(None, (commit(1), Edit("created", NAPS)), (commit(2), Edit("deleted", NAPS)))
    others = [life(None, (commit(1), Edit("created", path))) for path in (PAPER, "domains/sleep/_map.md", "a.md")]
    assert told([], gone, *others).claims == ((gone, Subject(None, "naps", None)),)
    assert told([document(REST)], gone).claims == ((gone, Subject(None, "naps", "sleep")),)


def test_a_former_name_leads_to_the_document_and_the_last_commit_that_took_it() -> None:
    first, second = commit(1), commit(2)
    here = life(REST, (first, Edit("renamed", REST, NAPS)), former=((NAPS, first),))
    gone = life(None, (second, Edit("deleted", NAPS)), former=((NAPS, second),))
    assert [(name.path, name.document, name.commit) for name in told([document(REST)], here).former_names] == [
        (NAPS, document(REST), first)
    ]
    assert [(name.path, name.document, name.commit) for name in told([document(REST)], here, gone).former_names] == [
        (NAPS, None, second)
    ]
    assert told([document(NAPS), document(REST)], here, gone).former_names == ()


def test_a_commit_names_a_source_by_a_path_that_it_had() -> None:
    moved = commit(1)
    named = commit(2, source="inbox/queue/first.md")
    one = life(
        PAPER, (moved, Edit("renamed", PAPER, "inbox/queue/first.md")), former=(("inbox/queue/first.md", moved),)
    )
    two = life(NAPS, (named, Edit("created", NAPS)))
    assert told([document(PAPER), document(NAPS)], one, two).sources == {"2": document(PAPER)}
