"""Touch up: an edit of prose is told from any other, and leaves the rows that a full build would."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.discover import discover, read
from claimbase.pipeline import build_database
from claimbase.pipeline.understand import take_apart
from claimbase.records import Document, File
from claimbase.touch_up import moved_lines
from tests.conftest import BODIES
from tests.test_pipeline import KB, age, assert_like_new, files_read

CLAIM, SOURCE, BELIEFS = "domains/sleep/a nap.md", "inbox/archive/a nap.md", "agents/mara/beliefs.md"


def document(path: str, text: str) -> Document:
    return take_apart(File(path, text.encode(), None))[0]


def moves(path: str, before: str, after: str) -> dict[int, int] | None:
    found = moved_lines(document(path, before), document(path, after))
    return None if found is None else {old: new for old, new in found.items() if old != new}


@pytest.mark.parametrize(
    ("path", "before", "after", "moved"),
    [
        (CLAIM, "", "", {}),
        (CLAIM, "Prose.", "Other prose.\n\nAnd more of it.", {}),
        (CLAIM, "See [[a]].", "More.\n\nMuch more.\n\nSee [[a]].", {1: 5}),
        (CLAIM, "More.\n\nSee [[a]].", "See [[a]].", {3: 1}),
        (CLAIM, "See [[a]] and [[b]].", "See [[a]]\nand [[b]].", None),
        (CLAIM, "See [[a]].\n\n[[b]]", "See [[a]].\n\n\n\n[[b]]", {3: 5}),
        (CLAIM, "---\nconfidence: likely\n---\nA", "---\n\nconfidence: likely\n---\nB [c](d)", {2: 3}),
        (CLAIM, "---\ntags: [a, b]\n---\nA", "---\ntags: [a, b] # both\n---\nA", {}),
        (CLAIM, "---\ntags:\n- a\n- b\n---\nA", "---\ntags: [a, b]\n---\nA", {}),
        (CLAIM, "---\nrelated:\n- a\n- b\n---\nA", "---\nrelated:\n\n- a\n\n- b\n---\nA", {3: 4, 4: 6}),
        (CLAIM, "---\n: a: b\n---\n\n[[a]]", "---\n: a: b\n---\n\nA\n[[a]]", {5: 6}),
        (CLAIM, "# A nap\n\nOne.", "# A nap\n\nOther.", {}),
        (CLAIM, "# A nap\n## More\n[[a]]", "# A nap\nProse.\n## More\n[[a]]", {3: 4}),
        (CLAIM, "```\n[[code]]\n```\n[[a]]", "~~~\n[[other code]]\n\n~~~\n[[a]]", {4: 5}),
        (CLAIM, "## Challenges\n\nNot so.", "Prose.\n\n## Challenges\n\nNot so.", {3: 5}),
        (
            CLAIM,
            "A\n### E (extend)\n*Source: [[s]]*\n\nIt is.",
            "### E (extend)\n*Source: [[s]]*\n\nIt is.",
            {2: 1, 3: 2},
        ),
        (SOURCE, "One.", "One.\n\n# no claim", None),
        (SOURCE, "# T\nOne.", "# T\nOne two three.", {}),
        (BELIEFS, "### 1. Rest\nIs work.", "Preface.\n### 1. Rest\nIs work.", {1: 2, 3: 4}),
        (BELIEFS, "### 1. Rest\nIs work.\n## End\nA", "### 1. Rest\nIs work.\n## End\nA\nB", {}),
    ],
)
def test_where_only_prose_has_changed_each_line_is_told_where_it_went(
    path: str, before: str, after: str, moved: dict[int, int] | None
) -> None:
    assert moves(path, before, after) == moved


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (CLAIM, "---\na: 1\nb: 2\n---\n", "---\nb: 2\na: 1\n---\n"),
        (CLAIM, "---\na: {b: 1, c: 2}\n---\n", "---\na: {c: 2, b: 1}\n---\n"),
        (CLAIM, "---\na: 1\n---\n", "---\na: true\n---\n"),
        (CLAIM, "---\na: 1\n---\n", "---\na: '1'\n---\n"),
        (CLAIM, "---\na: 1\n---\n", "---\na: 1\nb:\n---\n"),
        (CLAIM, "---\ntags: [a, b]\n---\n", "---\ntags: [b, a]\n---\n"),
        (CLAIM, "---\nrelated: [a, b]\n---\n", "---\nrelated:\n- a\n- b\n---\n"),
        (CLAIM, "---\nrelated:\n- a\n- b\n---\n", "---\nrelated: [a, b]\n---\n"),
        (CLAIM, "---\na: 1\n---\nText", "Text"),
        (CLAIM, "---\na: 1\n---\nText", "---\na: 1\nText"),
        (CLAIM, "---\na: 1\n---\n", "---\na: 1\na: 1\n---\n"),
        (CLAIM, "---\ndescription: one\n---\n", "---\ndescription: other\n---\n"),
        (CLAIM, "# A nap", "# Another nap"),
        (CLAIM, "# A nap", "#A nap"),
        (CLAIM, "[[a]] [[b]]", "[[b]] [[a]]"),
        (CLAIM, "[[a]]\n[[b]]", "[[b]]\n[[a]]"),
        (CLAIM, "[[a]]\n[[b]]", "[[a]] [[b]]"),
        (CLAIM, "[[a]]", "[[a]] [[a]]"),
        (CLAIM, "[[a]]", "[[A]]"),
        (CLAIM, "[[a]]", "[[a|b]]"),
        (CLAIM, "[[a.md]]", "[a](a.md)"),
        (CLAIM, "[[a]]", "`[[a]]`"),
        (CLAIM, "- [[a]] — one reason", "- [[a]] — another reason"),
        (CLAIM, "See [[a]].", "Since [[a]], so."),
        (CLAIM, "## Notes\n[[a]]", "## Sources\n[[a]]"),
        (CLAIM, "## Notes\n- [[a]]", "## Challenges\n- [[a]]"),
        (CLAIM, "## Notes\n[[a]]", "Notes\n[[a]]"),
        (CLAIM, "## Challenges\n\nNot so.", "## Challenges\n\nNot quite so."),
        (CLAIM, "### E (extend)\n*Source: [[s]]*\n\nIt is.", "### E (extend)\n*Source: [[s]]*\n\nIt was."),
        (CLAIM, "### E (extend)\n*Source: [[s]]*", "### E (confirm)\n*Source: [[s]]*"),
        (CLAIM, "### E (extend)\n*Source: [[s]]*", "### E (extend)\n*Source: [[s]] | Added: 2026*"),
        (CLAIM, "### E (extend)\n*Source: a*\n*Source: b*", "### E (extend)\n*Source: b*\n*Source: a*"),
        (BELIEFS, "### 1. Rest\nIs work.", "### 1. Rest\nIs play."),
        (BELIEFS, "### 1. Rest\nIs work.", "### 2. Rest\nIs work."),
        (BELIEFS, "### 1. Rest\n### 2. Work", "### 2. Work\n### 1. Rest"),
        (BELIEFS, "### 1. Rest\n[[a]]\n## End", "### 1. Rest\n## End\n[[a]]"),
    ],
)
def test_whatever_others_see_of_a_document_is_no_prose(path: str, before: str, after: str) -> None:
    assert moves(path, before, after) is None


def test_other_bytes_of_the_same_text_are_prose() -> None:
    before, after = (take_apart(File(CLAIM, data, None))[0] for data in (b"See [[a]].\n", b"See [[a]].\r\n"))
    assert moved_lines(before, after) is not None


def test_a_file_that_can_be_read_no_more_is_no_prose() -> None:
    gone = take_apart(File(CLAIM, b"", "No such file or directory"))[0]
    assert moved_lines(document(CLAIM, ""), gone) is None
    assert moved_lines(gone, document(CLAIM, "")) is None


@given(BODIES, st.sampled_from([CLAIM, SOURCE, BELIEFS, "x.md", "domains/sleep/_map.md"]))
def test_a_document_moves_nowhere_from_itself(body: str, path: str) -> None:
    assert moves(path, body, body) == {}


@given(BODIES, BODIES, st.sampled_from([CLAIM, SOURCE, BELIEFS, "x.md", "domains/sleep/_map.md"]))
def test_lines_stay_in_their_order_and_apart(before: str, after: str, path: str) -> None:
    found = moved_lines(document(path, before), document(path, after))
    if found is not None:
        assert sorted(found) == [old for old, _ in sorted(found.items(), key=lambda pair: pair[1])]
        assert len(set(found.values())) == len(found)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the tiny base, built once."""
    shutil.copytree(KB, tmp_path / "kb")
    age(tmp_path / "kb")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    return tmp_path / "kb"


def rewritten(root: Path, path: str, text: str) -> None:
    """Rewrites a file in nothing but its prose; fails where it is more than that."""
    before, file = (root / path).read_text(encoding="utf-8"), root / path
    assert moved_lines(document(path, before), document(path, text)) is not None, path
    assert before != text
    file.write_text(text, encoding="utf-8")


def with_more_prose(path: str, text: str) -> str:
    """A text with a line more at the top of its body, and one at its end, of beliefs at the top alone."""
    front, body = text.split("\n---\n", 1) if text.startswith("---\n") and "\n---\n" in text else ("", text)
    heading, _, rest = body.partition("\n") if body.startswith("# ") else ("", "", body)
    ending = "" if path.endswith("beliefs.md") else "\nA new ending.\n"
    return "\n---\n".join(filter(None, [front, f"{heading}\n\nA new opening.\n\n{rest}{ending}"]))


def is_prose(path: str, before: str, after: str) -> bool:
    return moved_lines(document(path, before), document(path, after)) is not None


def test_prose_added_to_any_file_of_the_tiny_base_leaves_the_rows_of_a_full_build(base: Path) -> None:
    paths = [file.path for file in read(base, discover(base))]
    texts = {path: (base / path).read_bytes().decode("utf-8", "replace") for path in paths}
    touched = [path for path in paths if is_prose(path, texts[path], with_more_prose(path, texts[path]))]
    kinds = {document(path, texts[path]).kind for path in touched}
    assert kinds >= {"claim", "source", "entity", "position", "map", "agent", "beliefs", "document", "musing"}
    for start in range(0, len(touched), 8):
        group = touched[start : start + 8]
        for path in group:
            rewritten(base, path, with_more_prose(path, texts[path]))
        assert files_read(base, base.with_name("codex.db")) >= set(group)
        assert_like_new(base, base.with_name("codex.db"))


TWINS = {
    "domains/sleep/Naps.md": "---\ncreated: 2026-01-01\n---\nOne.\nTwo.\nThree.\nFour.\n",
    "core/coordination/Naps.md": "---\ncreated: 2026-01-02\n---\nOne.\nTwo.\nThree.\n",
    "foundations/attention/naps.md": "---\ncreated: 2026-01-03\n---\nOne.\nOther.\n",
    "domains/sleep/naps restore much attention in twenty minutes.md": "One.\nTwo.\n",
    "domains/sleep/naps restore much attention in thirty minutes.md": "One.\nTwo.\n",
}


@pytest.mark.parametrize(
    "edits",
    [
        {"domains/sleep/Naps.md": "One.\nTwo.\n"},
        {"core/coordination/Naps.md": "Nothing alike.\n"},
        {"foundations/attention/naps.md": "One.\nTwo.\nThree.\nFour.\n"},
        {"foundations/attention/naps.md": ""},
        {"domains/sleep/Naps.md": "A.\nB.\n", "core/coordination/Naps.md": "A.\nC.\n"},
        {"domains/sleep/naps restore much attention in twenty minutes.md": "One.\n\n\nTwo.\nThree.\n"},
        {"domains/sleep/naps restore much attention in thirty minutes.md": "One.\n"},
        dict.fromkeys(TWINS, "The same everywhere.\n"),
    ],
)
def test_how_much_twins_and_near_duplicates_share_follows_their_bodies(base: Path, edits: dict[str, str]) -> None:
    for path, text in TWINS.items():
        (base / path).write_text(text)
    build_database(base, base.with_name("codex.db"))
    for path, body in edits.items():
        front = re.match(r"(?:---\n.*?---\n)?", TWINS[path], re.DOTALL)
        assert front
        rewritten(base, path, front[0] + body)
    assert_like_new(base, base.with_name("codex.db"))


def test_prose_that_is_rewritten_again_and_again_leaves_the_rows_of_a_full_build(base: Path) -> None:
    path = "domains/sleep/Naps restore attention within twenty minutes.md"
    text = (base / path).read_text(encoding="utf-8")
    for number in range(12):
        more = "\n\nA line more." * (number % 5)
        rewritten(base, path, text.replace("a short nap is enough.", f"nap {number} is enough.{more}"))
        build_database(base, base.with_name("codex.db"))
    assert_like_new(base, base.with_name("codex.db"))


def test_a_link_is_touched_up_with_the_file_it_leads_to(base: Path) -> None:
    (base / "rituals/linked.md").symlink_to("monday-nap.md")
    build_database(base, base.with_name("codex.db"))
    rewritten(base, "rituals/monday-nap.md", (base / "rituals/monday-nap.md").read_text() + "\nA line more.\n")
    assert_like_new(base, base.with_name("codex.db"))
