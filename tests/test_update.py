"""Update: a copy of the last database becomes that of the changed base, row by row, and its index with it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.check import check
from claimbase.discover import discover, look
from claimbase.flatten import flatten
from claimbase.pipeline import build_database
from claimbase.pipeline.look_around import look_around, read_past
from claimbase.pipeline.take_in import take_in
from claimbase.pipeline.understand import understand
from claimbase.records import Table
from claimbase.update import updating
from tests.test_pipeline import KB, age, assert_like_new, contents, files_read

NAPS = "domains/sleep/Naps restore attention within twenty minutes.md"
REST, OTHER_REST = "domains/sleep/Rest is a shared resource.md", "core/coordination/Rest is a shared resource.md"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the tiny base, built once."""
    shutil.copytree(KB, tmp_path / "kb")
    age(tmp_path / "kb")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    return tmp_path / "kb"


def replace(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def exchange(root: Path, one: str, other: str) -> None:
    """Two files change places."""
    (root / one).rename(root / "kept")
    (root / other).rename(root / one)
    (root / "kept").rename(root / other)


def a_claim_goes(root: Path) -> None:
    (root / NAPS).unlink()


def a_source_goes(root: Path) -> None:
    (root / "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md").unlink()


def an_agent_goes(root: Path) -> None:
    shutil.rmtree(root / "agents/mara")


def a_domain_loses_its_map(root: Path) -> None:
    (root / "domains/sleep/_map.md").unlink()


def a_map_gets_another_title(root: Path) -> None:
    (root / "domains/sleep/_map.md").write_text("# Sleep and its neighbours\n")


def a_domain_comes(root: Path) -> None:
    (root / "domains/dreams").mkdir()
    (root / "domains/dreams/dreams sort memories.md").write_text(f"---\ndomain: dreams\n---\n[[{Path(NAPS).stem}]]\n")


def a_name_that_was_wanted_comes(root: Path) -> None:
    (root / "domains/sleep/nobody has written this one down.md").write_text("Now somebody has.\n")


def a_claim_is_renamed(root: Path) -> None:
    (root / NAPS).rename(root / "domains/sleep/naps give attention back.md")


def a_claim_moves_to_another_folder(root: Path) -> None:
    (root / NAPS).rename(root / "core/coordination" / Path(NAPS).name)


def a_folder_is_renamed(root: Path) -> None:
    (root / "foundations/attention").rename(root / "foundations/noticing")


def only_the_case_of_a_name_changes(root: Path) -> None:
    (root / NAPS).rename(root / NAPS.replace("Naps", "naps"))


def two_claims_exchange_their_names(root: Path) -> None:
    exchange(root, NAPS, "domains/sleep/cold rooms deepen sleep.md")


def a_claim_and_a_source_exchange_their_places(root: Path) -> None:
    exchange(root, NAPS, "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md")


def twins_exchange_their_places(root: Path) -> None:
    exchange(root, REST, OTHER_REST)


def the_older_twin_goes(root: Path) -> None:
    (root / REST).unlink()


def the_other_twin_goes(root: Path) -> None:
    (root / OTHER_REST).unlink()


def the_younger_twin_becomes_the_older(root: Path) -> None:
    for path, year in ((REST, 2031), (OTHER_REST, 1999)):
        (root / path).write_text(f"---\ncreated: {year}\n---\nThe same words.\n")


def the_older_twin_becomes_the_younger(root: Path) -> None:
    for path, year in ((REST, 1999), (OTHER_REST, 2031)):
        (root / path).write_text(f"---\ncreated: {year}\n---\nThe same words.\n")


def a_third_twin_comes(root: Path) -> None:
    (root / "foundations/attention/rest is a shared resource.md").write_text("---\ncreated: 1990\n---\n")


def a_source_takes_the_id_of_a_claim(root: Path) -> None:
    (root / "inbox/archive" / Path(NAPS).name).write_text("---\ndate: 1990\n---\nOlder than the claim.\n")


def names_that_differ_by_case_come(root: Path) -> None:
    (root / "readme.md").write_text("Small letters.\n")
    (root / "Readme.md").write_text("A large one, [[readme]].\n")


def a_claim_becomes_an_entity(root: Path) -> None:
    replace(root, NAPS, "type: claim", "type: entity")


def a_claim_becomes_a_position(root: Path) -> None:
    (root / NAPS).rename(root / "agents/mara/positions/naps.md")


def an_entity_becomes_a_claim(root: Path) -> None:
    (root / "entities/sleep/pillow-protocol.md").rename(root / "domains/sleep/pillow-protocol.md")


def a_document_becomes_a_claim_and_a_claim_a_document(root: Path) -> None:
    (root / "rituals/monday-nap.md").rename(root / "domains/sleep/monday-nap.md")
    (root / NAPS).rename(root / "rituals/naps.md")


def a_file_becomes_a_folder(root: Path) -> None:
    (root / NAPS).unlink()
    (root / NAPS).mkdir()
    (root / NAPS / "inside.md").write_text("Inside.\n")


def a_folder_becomes_a_file(root: Path) -> None:
    shutil.rmtree(root / "entities/sleep")
    (root / "entities/sleep").with_suffix(".md").write_text("Now a file.\n")


def front_matter_breaks(root: Path) -> None:
    replace(root, NAPS, "agent: mara", "agent: [mara")


def front_matter_has_no_end(root: Path) -> None:
    replace(root, NAPS, "---\n# Naps", "# Naps")


def a_file_is_emptied(root: Path) -> None:
    (root / NAPS).write_text("")


def line_ends_change(root: Path) -> None:
    (root / NAPS).write_bytes((root / NAPS).read_bytes().replace(b"\n", b"\r\n"))


def a_mark_of_byte_order_comes(root: Path) -> None:
    (root / NAPS).write_bytes(b"\xef\xbb\xbf" + (root / NAPS).read_bytes())


def the_encoding_changes(root: Path) -> None:
    (root / NAPS).write_bytes((root / NAPS).read_text(encoding="utf-8").encode("utf-16"))


def a_huge_body_comes(root: Path) -> None:
    with (root / NAPS).open("a") as file:
        file.write("\nwords and words " * 20_000)


def an_edge_turns_round(root: Path) -> None:
    (root / "domains/sleep/one.md").write_text("---\nsupports: [two]\n---\n")
    (root / "domains/sleep/two.md").write_text("---\n---\n")
    build_database(root, root.with_name("codex.db"))
    exchange(root, "domains/sleep/one.md", "domains/sleep/two.md")


def an_edge_gains_a_witness(root: Path) -> None:
    (root / "domains/sleep/one.md").write_text("---\nsupports: [two]\n---\n")
    (root / "domains/sleep/two.md").write_text("---\n---\n")
    build_database(root, root.with_name("codex.db"))
    (root / "domains/sleep/two.md").write_text("---\nsupported_by: [one]\n---\n")


def a_circle_closes(root: Path) -> None:
    for name, premise in (("one", "two"), ("two", "three"), ("three", "one")):
        (root / f"domains/sleep/{name}.md").write_text(f"---\ndepends_on: [{premise}]\n---\n")


def tags_are_exchanged(root: Path) -> None:
    replace(root, NAPS, "tags: [Naps, attention, 2026]", "tags: [2026, rest, naps]")


def an_entity_gets_another_parent(root: Path) -> None:
    replace(root, "entities/sleep/drowsy-labs.md", "parent: Pillow Protocol", "parent: drowsy labs")


def beliefs_are_renumbered(root: Path) -> None:
    (root / "agents/mara/beliefs.md").write_text(
        "### 2. Rest\n[[naps]]\n\n### 1. A tired mind chooses badly\n\n### 3. Rest\n"
    )


def what_is_ignored_changes(root: Path) -> None:
    (root / ".claimbaseignore").write_text("entities/\n")


def a_page_is_written_in_code(root: Path) -> None:
    replace(root, NAPS, "Since [[attention", "```\nSince [[attention")


def more_links_come_than_there_are_numbers_for(root: Path) -> None:
    with (root / NAPS).open("a") as file:
        file.write("\n[[_map]] [[nobody]]" * 2100)


def an_older_source_is_quoted_by_a_claim(root: Path) -> None:
    (root / "inbox/archive/quoted.md").write_text("---\ntitle: The long history of short naps\n---\n")
    (root / NAPS).write_text("---\nsource: The long history of short naps, 1999\n---\n")
    build_database(root, root.with_name("codex.db"))
    (root / "inbox/archive/quoted.md").write_text("---\ntitle: The short history of long naps\n---\n")


def a_newer_date_comes(root: Path) -> None:
    (root / "domains/sleep/from the future.md").write_text("---\ncreated: 2099-01-01\n---\n")


def a_claim_shows_the_evidence_of_a_source(root: Path) -> None:
    (root / "inbox/archive/one.md").write_text("---\nenrichments: [two]\n---\n")
    (root / "domains/sleep/two.md").write_text("Nothing.\n")
    build_database(root, root.with_name("codex.db"))
    (root / "domains/sleep/two.md").write_text(
        "### Additional Evidence (challenge)\n*Source: [[one]] | Added: 2026-01-01*\n\nWords.\n"
    )


def written(root: Path, **claims: str) -> None:
    """Writes claims about sleep by their names."""
    for name, text in claims.items():
        (root / f"domains/sleep/{name}.md").write_text(text)


def a_source_that_a_claim_shows_is_linked_with_another(root: Path) -> None:
    written(root, two="### Additional Evidence (confirm)\n*Source: [[one]] | Added: 2026-01-01*\n\nWords.\n")
    (root / "inbox/archive/one.md").write_text("---\nenrichments: [two]\n---\n")
    build_database(root, root.with_name("codex.db"))
    (root / "inbox/archive/one.md").write_text("---\nenrichments: [two]\n---\n[[naps]]\n")


def a_premise_is_rated_otherwise(root: Path) -> None:
    written(root, one="---\nconfidence: likely\ndepends_on: [two]\nchallenges: [two]\n---\n")
    written(root, two="---\nconfidence: proven\ncreated: 2020\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, two="---\nconfidence: speculative\ncreated: 2098-01-01\n---\n")


def a_claim_draws_on_a_source_and_is_rated_otherwise(root: Path) -> None:
    written(root, one="---\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\nconfidence: proven\n---\n[[2026-02-10-okafor-twenty-minute-naps]]\n")


def what_a_claim_is_to_another_changes(root: Path) -> None:
    written(root, one="---\nsupports: [two]\n---\n", two="---\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\nchallenges: [two]\n---\n")


def a_claim_is_said_in_other_words(root: Path) -> None:
    written(root, one="---\ndescription: umbrellas quench lanterns\n---\n")
    written(root, two="---\ndescription: umbrellas quench lanterns\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\ndescription: ladders\n---\n")


def a_claim_belongs_to_another_domain(root: Path) -> None:
    written(root, one="---\ndomain: sleep\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\ndomain: bridges\nconfidence: likely\n---\n")


def a_twin_is_rated_otherwise_and_says_something_else(root: Path) -> None:
    rest = "### Additional Evidence (confirm)\n*Source: words | Added: 2026-01-01*\n\nWords.\n"
    for path in (REST, OTHER_REST):
        (root / path).write_text(f"---\nconfidence: likely\n---\n{rest}")
    build_database(root, root.with_name("codex.db"))
    (root / REST).write_text(f"---\nconfidence: proven\n---\n{rest.replace('Words', 'Other words')}")


def a_claim_gets_the_title_of_another_and_a_link(root: Path) -> None:
    written(root, one="---\ntitle: Cold rooms deepen sleep\n---\n", two="---\ntitle: Something else\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, two="---\ntitle: Cold rooms deepen sleep\n---\n[[one]]\n")


def one_of_two_takes_back_what_both_say_of_a_premise(root: Path) -> None:
    written(root, one="---\ndepends_on: [two]\n---\n", two="---\ncarries: [one]\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\nconfidence: likely\n---\n")


def a_premise_is_taken_back(root: Path) -> None:
    written(root, one="---\ndepends_on: [two, three]\n---\n", two="---\n---\n", three="---\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\ndepends_on: [two]\n---\n")


def a_premise_is_added(root: Path) -> None:
    written(root, one="---\ndepends_on: [two]\n---\n", two="---\n---\n", three="---\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, one="---\ndepends_on: [two, three]\n---\n")


def a_claim_comes_that_a_source_has_yielded(root: Path) -> None:
    source = "---\nprocessed_by: mara\nclaims_extracted: [yielded]\n---\n"
    (root / "inbox/archive/yielding.md").write_text(source)
    written(root, beside="---\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, yielded="---\nconfidence: likely\n---\n")


def a_claim_comes_that_names_who_had_a_part_in_it(root: Path) -> None:
    written(root, beside="---\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, attributed="---\nattribution: {extractor: [{handle: somebody new}]}\n---\n")


def a_claim_comes_that_names_an_agent_and_a_domain(root: Path) -> None:
    written(root, beside="---\nconfidence: likely\n---\n")
    build_database(root, root.with_name("codex.db"))
    written(root, named="---\nagent: somebody-new\nsecondary_domains: [something-new]\n---\n")


EDITS = [
    *(a_claim_goes, a_source_goes, an_agent_goes, a_domain_loses_its_map, a_map_gets_another_title, a_domain_comes),
    *(a_name_that_was_wanted_comes, a_claim_is_renamed, a_claim_moves_to_another_folder, a_folder_is_renamed),
    *(only_the_case_of_a_name_changes, two_claims_exchange_their_names, a_claim_and_a_source_exchange_their_places),
    *(twins_exchange_their_places, the_older_twin_goes, the_other_twin_goes, the_younger_twin_becomes_the_older),
    *(the_older_twin_becomes_the_younger, a_third_twin_comes, a_source_takes_the_id_of_a_claim),
    *(names_that_differ_by_case_come, a_claim_becomes_an_entity, a_claim_becomes_a_position, an_entity_becomes_a_claim),
    *(a_document_becomes_a_claim_and_a_claim_a_document, a_file_becomes_a_folder, a_folder_becomes_a_file),
    *(front_matter_breaks, front_matter_has_no_end, a_file_is_emptied, line_ends_change, a_mark_of_byte_order_comes),
    *(the_encoding_changes, a_huge_body_comes, an_edge_turns_round, an_edge_gains_a_witness, a_circle_closes),
    *(tags_are_exchanged, an_entity_gets_another_parent, beliefs_are_renumbered, what_is_ignored_changes),
    *(a_page_is_written_in_code, more_links_come_than_there_are_numbers_for, an_older_source_is_quoted_by_a_claim),
    *(a_newer_date_comes, a_claim_shows_the_evidence_of_a_source, a_premise_is_rated_otherwise),
    *(a_claim_draws_on_a_source_and_is_rated_otherwise, what_a_claim_is_to_another_changes),
    *(a_claim_is_said_in_other_words, a_claim_belongs_to_another_domain),
    *(a_twin_is_rated_otherwise_and_says_something_else, a_claim_gets_the_title_of_another_and_a_link),
    *(one_of_two_takes_back_what_both_say_of_a_premise, a_premise_is_taken_back, a_premise_is_added),
    *(a_claim_comes_that_a_source_has_yielded, a_claim_comes_that_names_who_had_a_part_in_it),
    *(a_claim_comes_that_names_an_agent_and_a_domain, a_source_that_a_claim_shows_is_linked_with_another),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: str(edit.__name__))
def test_an_edit_and_its_undoing_leave_the_rows_of_a_full_build(base: Path, edit: Callable[[Path], None]) -> None:
    database, before = base.with_name("codex.db"), base.with_name("before")
    shutil.copytree(base, before)
    edit(base)
    assert_like_new(base, database)
    shutil.rmtree(base)
    before.rename(base)
    assert_like_new(base, database)


def test_edits_one_upon_another_leave_the_rows_of_a_full_build(base: Path) -> None:
    for edit in (a_third_twin_comes, the_older_twin_goes, front_matter_breaks, beliefs_are_renumbered, a_circle_closes):
        edit(base)
        files_read(base, base.with_name("codex.db"))
    assert_like_new(base, base.with_name("codex.db"))


def made_into(root: Path, before: Path, path: Path) -> None:
    """Makes a copy of one database into that of another base, as if every file of it had changed."""
    taken = list(take_in(root, look(root, discover(root))))
    shutil.copyfile(before, path)
    bodies = {item.document.path: item.body for item in taken}
    past = read_past(root, discover(root), look_around(root))
    with updating(path, bodies, before) as update:
        update.hold(flatten(understand((item.document for item in taken), past)))


@pytest.mark.parametrize(("one", "other"), [(KB, PROJECT), (PROJECT, KB), (KB, KB)])
def test_the_database_of_any_base_becomes_that_of_any_other(tmp_path: Path, one: Path, other: Path) -> None:
    build_database(one, tmp_path / "one.db")
    build_database(other, tmp_path / "other.db")
    made_into(other, tmp_path / "one.db", tmp_path / "codex.db")
    assert contents(tmp_path / "codex.db") == contents(tmp_path / "other.db")
    check(tmp_path / "codex.db")


def test_a_base_becomes_one_of_a_single_file(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/a.md").write_text("Alone.\n")
    build_database(KB, tmp_path / "one.db")
    build_database(tmp_path / "kb", tmp_path / "other.db")
    made_into(tmp_path / "kb", tmp_path / "one.db", tmp_path / "codex.db")
    assert contents(tmp_path / "codex.db") == contents(tmp_path / "other.db")


def test_a_base_of_a_single_file_becomes_any_other(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/a.md").write_text("Alone.\n")
    build_database(KB, tmp_path / "one.db")
    build_database(tmp_path / "kb", tmp_path / "other.db")
    made_into(KB, tmp_path / "other.db", tmp_path / "codex.db")
    assert contents(tmp_path / "codex.db") == contents(tmp_path / "one.db")


def rows_planned_for(database: Path, table: str) -> int:
    """How many rows SQLite believes a table to have when it plans a query."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("select max(cast(stat as integer)) from sqlite_stat1 where tbl = ?", (table,))
        return int(found.fetchone()[0] or 0)


def test_queries_are_planned_for_a_base_as_it_has_grown(tmp_path: Path) -> None:
    files = [path for path in sorted(KB.rglob("*.md")) if "drafts" not in path.parts]
    root, database, there = tmp_path / "kb", tmp_path / "codex.db", 6
    while there < len(files):
        for path in files[:there]:
            (root / path.relative_to(KB)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, root / path.relative_to(KB))
        build_database(root, database)
        there += max(1, there // 6)
    assert rows_planned_for(database, "documents") > len(files) / 2
    assert rows_planned_for(database, "claims") > 10


def test_a_table_without_a_row_is_emptied(tmp_path: Path, database: Path) -> None:
    shutil.copyfile(database, tmp_path / "codex.db")
    with updating(tmp_path / "codex.db", {}, database) as update:
        update.hold([Table("near_duplicates", []), Table("document_tags", iter(()))])
    found, before = contents(tmp_path / "codex.db"), contents(database)
    assert (found["near_duplicates"], found["document_tags"]) == ([], [])
    assert before["near_duplicates"]
    assert found["claims"] == before["claims"]


def test_where_nothing_differs_nothing_is_written(tmp_path: Path, database: Path) -> None:
    shutil.copyfile(database, tmp_path / "codex.db")
    documents = (item.document for item in take_in(KB, look(KB, discover(KB))))
    with updating(tmp_path / "codex.db", {}, database) as update:
        update.hold(flatten(understand(documents)))
    assert (tmp_path / "codex.db").read_bytes() == database.read_bytes()
