"""Generated bases are the same every time and like real ones, and what is measured is what is said to be measured."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from benchmarks import compare, machine, needs, report, serve
from benchmarks.client import Answer, Request, ask
from benchmarks.compare import FULL, YARDSTICK, Comparison, Ground
from benchmarks.faults import FAULTS
from benchmarks.generate import generate, write_base
from benchmarks.history import write_history
from benchmarks.measure import Failed, Overtime, Run, run
from benchmarks.plot import Group, plot
from benchmarks.refresh import EDITIONS, Refreshing, Replacing
from benchmarks.regex_extract import extract
from benchmarks.report import Results
from benchmarks.serve import Load, Readers, Row, Serving
from benchmarks.sites import PROJECT
from benchmarks.tables import Table
from benchmarks.watch import Looking
from claimbase.pipeline import read_codex

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def clean() -> dict[str, str]:
    """The paths and texts of a generated base without faults."""
    return dict(generate(400, 1, dirty_share=0))


@pytest.fixture(scope="module")
def dirty() -> dict[str, str]:
    """The same base with its faults."""
    return dict(generate(400, 1))


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own words


def test_the_same_seed_gives_the_same_files_and_another_seed_others() -> None:
    assert list(generate(60, 1)) == list(generate(60, 1))
    assert dict(generate(60, 1)) != dict(generate(60, 2))


@pytest.mark.parametrize("files", [0, 1, 2, 19, 20, 45, 101])
def test_a_generated_base_has_as_many_files_as_asked_for(files: int) -> None:
    assert len(dict(generate(files, 1))) == files


def test_two_files_in_a_hundred_have_a_fault(clean: dict[str, str], dirty: dict[str, str]) -> None:
    assert clean.keys() == dirty.keys()
    assert 4 <= sum(clean[path] != dirty[path] for path in clean) <= 12


def test_files_are_as_large_as_real_ones_and_hold_as_much_beyond_ascii(clean: dict[str, str]) -> None:
    claims = [len(text.encode()) for path, text in clean.items() if path.startswith("domains/") and "_map" not in path]
    sources = [len(text.encode()) for path, text in clean.items() if path.startswith("inbox/archive/")]
    words = " ".join(clean.values()).split()
    assert 4_400 < sum(claims) / len(claims) < 5_600
    assert 6_600 < sum(sources) / len(sources) < 8_400
    assert 0.03 < sum(not word.isascii() for word in words) / len(words) < 0.05


def test_some_bodies_have_lists_tables_quotations_and_code(clean: dict[str, str]) -> None:
    bodies = [text.partition("\n---\n")[2].partition("\n---\n")[0] for text in clean.values()]
    assert all(sum(mark in body for body in bodies) >= 5 for mark in ("\n\n- ", "\n|---|", "\n\n> ", "\n```\n"))


def test_a_generated_base_has_the_kinds_and_links_of_a_real_one(tmp_path: Path) -> None:
    write_base(tmp_path, 400, 1)
    codex = read_codex(tmp_path)
    assert Counter(document.kind for document in codex.documents) == {
        "claim": 220,
        "source": 160,
        "map": 8,
        "position": 4,
        "agent": 4,
        "beliefs": 4,
    }
    assert 5 < len(codex.links) / 400 < 7
    states = Counter(link.state for link in codex.links)
    assert states["resolved"] > 0.9 * (len(codex.links) - states["prose"])
    assert {link.rule for link in codex.links} >= {"name", "case", "slug", "path", "prefix", "map", "belief"}
    assert {row.rule for row in codex.evidence} >= {"extracted", "block", "identifier", "title"}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_spoils_some_file(fault: str, clean: dict[str, str]) -> None:
    assert any(FAULTS[fault](text) != text for text in clean.values())


def test_faults_show_as_problems_of_many_kinds(clean: dict[str, str], tmp_path: Path) -> None:
    texts = [text for text in clean.values() if "confidence:" in text and "Evidence (" in text][:6]
    for number, (fault, text) in enumerate((fault, text) for fault in FAULTS.values() for text in texts):
        spoilt = fault(text)
        path = tmp_path / f"domains/energy/{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(spoilt.encode())
    codes = {problem.code for problem in read_codex(tmp_path).problems}
    assert codes >= {
        *("broken-front-matter", "unclosed-front-matter", "refused-front-matter", "duplicate-key"),
        *("missing-front-matter", "imprecise-date", "impossible-date", "missing-confidence", "unknown-confidence"),
        *("unknown-type", "mistyped-file", "domain-not-folder", "dead-link"),
    }


def test_a_history_ends_with_the_files_as_they_are(tmp_path: Path) -> None:
    number = write_history(tmp_path, write_base(tmp_path, 150, 1), 1)
    assert git(tmp_path, "status", "--porcelain") == ""
    assert int(git(tmp_path, "rev-list", "--count", "HEAD")) == number
    assert git(tmp_path, "branch", "--format", "%(refname:short)") == "main\n"


def test_a_history_adds_changes_renames_removes_and_merges(tmp_path: Path) -> None:
    write_history(tmp_path, write_base(tmp_path, 300, 1), 1)
    statuses = Counter(line[0] for line in git(tmp_path, "log", "-M", "--name-status", "--format=").split("\n") if line)
    assert statuses["A"] >= 300
    assert statuses["M"] > 100
    assert statuses["R"] > 0
    assert statuses["D"] > 0
    assert git(tmp_path, "rev-list", "--merges", "HEAD") != ""
    messages = git(tmp_path, "log", "--no-merges", "--format=%B")
    assert re.search(r"^- Source: inbox/archive/\d{4}/.*\.md$", messages, re.MULTILINE)
    assert re.search(r"^Pentagon-Agent: Rio <(HEADLESS|PIPELINE)>$", messages, re.MULTILINE)
    confidences = git(tmp_path, "log", "-p", "--format=", "-G", "^confidence: ", "--diff-filter=M", "-U0")
    assert re.search(r"^-confidence: \w+\n\+confidence: \w+$", confidences, re.MULTILINE)


def test_the_same_seed_gives_the_same_history(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_history(tmp_path / name, write_base(tmp_path / name, 60, 1), 1)
    assert git(tmp_path / "one", "rev-parse", "HEAD") == git(tmp_path / "other", "rev-parse", "HEAD")


def test_a_yardstick_whose_index_finds_nothing_is_no_yardstick(tmp_path: Path) -> None:
    ground = Ground(30, tmp_path, 0.0)
    for path, text in generate(30, 1):
        (ground.plain / path).parent.mkdir(parents=True, exist_ok=True)
        (ground.plain / path).write_text(text.replace("domain", "realm"), encoding="utf-8")
    ground.database(0).parent.mkdir()
    with pytest.raises(Failed, match="holds 30 files and finds 0 of them"):
        compare.insert_files(ground, 0)


def test_an_edit_is_proven_by_the_database_and_only_once_it_is_built(tmp_path: Path) -> None:
    base, database = tmp_path / "base", tmp_path / "codex.db"
    write_base(base, 60, 1)
    words = (sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet")
    run(words, tmp_path)
    proofs = [change(base, number) for number, change in enumerate(compare.CHANGES.values())]
    assert [compare.answer(database, *proof) for proof in proofs] == [0, 0, 0, 0]
    run(words, tmp_path)
    assert [compare.answer(database, *proof) for proof in proofs] == [1, 1, 1, 1]


def test_regular_expressions_see_keys_and_links() -> None:
    assert extract("---\ntype: claim\ntags: [a]\n---\n\nSince [[b c|d]], e.\n") == {
        "fields": {"type": "claim", "tags": "[a]"},
        "links": ["b c"],
        "body": "\nSince [[b c|d]], e.\n",
    }


def test_a_command_that_takes_too_long_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    with pytest.raises(Overtime, match=r"over 0.5 s"):
        run((sys.executable, "-c", script), tmp_path, limit=0.5)


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"ended with 3: no bread"):
        run((sys.executable, "-c", "import sys; print('no bread', file=sys.stderr); sys.exit(3)"), tmp_path)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the memory of several is read under /proc")
def test_memory_counts_the_processes_that_a_command_starts(tmp_path: Path) -> None:
    hold = "held = b'x' * (100 << 20); print('held', flush=True); input()"
    script = f"""
import subprocess, sys, time
pipes = {{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}}
holders = [subprocess.Popen([sys.executable, "-c", {hold!r}], **pipes) for _ in range(2)]
[holder.stdout.readline() for holder in holders]
time.sleep(1)
[holder.communicate(b"enough") for holder in holders]
"""
    found = run((sys.executable, "-c", script), tmp_path)
    assert found.peak > 200


def test_a_peer_that_was_stopped_counts_as_at_least_that_slow(tmp_path: Path) -> None:
    comparison = Comparison(Ground(10, tmp_path, 1.0), {FULL: [Run(2.0, 50.0)]}, {compare.MDDB: 100.0}, {})
    assert comparison.ratio(compare.MDDB, FULL) == 50
    assert "mddb: stopped after 100 s, more than 50× the full build." in compare.table(comparison).text()


def test_ratios_are_of_medians_and_the_spread_is_shown(tmp_path: Path) -> None:
    runs = {
        YARDSTICK: [Run(1.0, 10.0), Run(2.0, 30.0), Run(9.0, 20.0)],
        FULL: [Run(3.0, 1.0), Run(2.0, 1.0), Run(4.0, 1.0)],
    }
    lines = compare.table(Comparison(Ground(10, tmp_path, 1.0), runs, {}, {})).text().splitlines()
    assert lines[2].split("  ")[-1] == YARDSTICK
    assert lines[2].split()[:8] == ["2.00", "s", "1.00–9.00", "3", "1.00×", "0.67×", "30", "MB"]
    assert lines[3].split()[:8] == ["3.00", "s", "2.00–4.00", "3", "1.50×", "1.00×", "1", "MB"]


def test_readers_draw_the_same_claims_every_time_and_once_means_once(database: Path) -> None:
    one, other = Readers(database, 1), Readers(database, 1)
    assert [one.claim() for _ in range(50)] == [other.claim() for _ in range(50)]
    once = [request.path for request in serve.requests(serve.claim_page, Readers(database, 1, once=True))]
    assert len(once) == len(set(once)) == one.claims


def test_a_client_counts_what_is_no_answer() -> None:
    answers: list[Answer] = []
    ask(1, iter([Request("/")] * 3), 2, answers.append)
    assert [answer.status for answer in answers] == [0, 0, 0]


def test_an_answer_of_two_editions_is_seen_as_mixed(database: Path) -> None:
    replacing = Replacing(database, [], Readers(database, 1), 10, 2)
    replacing.look(Answer(200, {}, f"one {EDITIONS[0]} and {EDITIONS[1]}".encode(), 0.0, 0.0))
    replacing.look(Answer(200, {}, EDITIONS[0].encode(), 0.0, 0.0))
    replacing.look(Answer(500, {}, b"", 0.0, 0.0))
    assert (replacing.mixed, replacing.failed) == (1, 1)


def test_looking_ends_when_the_word_is_seen() -> None:
    looking = Looking("novum")
    requests = looking.requests("/page")
    assert next(requests) == Request("/page")
    looking.look(Answer(200, {}, b"nothing new", 5.0, 1.0))
    assert next(requests) == Request("/page")
    looking.look(Answer(200, {}, b"novum", 7.0, 1.0))
    assert list(requests) == []
    assert (looking.seen, looking.failed) == (8.0, 0)


RESULTS = Results(
    [
        Comparison(Ground(10_000, Path(), 51.0), {YARDSTICK: [Run(2.0, 40.0)], FULL: [Run(4.0, 300.0)]}, {}, {}),
        Comparison(Ground(100_000, Path(), 510.0), {YARDSTICK: [Run(20.0, 40.0)], FULL: [Run(48.0, 1_200.0)]}, {}, {}),
    ],
    Serving(
        100,
        4,
        [
            Row("search in the table", Load(5.0, 59.0, 100.0, 9, 0), Load(10.0, 118.0, 50.0, 9, 0)),
            Row("claim page", Load(5.0, 41.0, 100.0, 9, 0), Load(10.0, 82.0, 50.0, 9, 0)),
        ],
        [Row("claim page", Load(3.0, 25.0, 180.0, 9, 0), None)],
    ),
    Refreshing(100, 2, 0, 0, [0.1, 0.3], (9, 9), 0),
    None,
)


def test_what_is_asked_stands_beside_what_was_found() -> None:
    found = {bar.what: (bar.found, bar.met) for bar in report.bars(RESULTS)}
    assert found["10,000 files: a full build at most 2.5× the yardstick"] == ("2.00×", True)
    assert found["10,000 files: at least 40× faster than mddb"] == ("not measured", None)
    assert found["from 10,000 to 100,000 files: at most 11×"] == ("12.0×", False)
    assert found["100,000 files: under 1 GB of memory"] == ("1,200 MB", False)
    assert found["100 claims: 99 of 100 searches in the table of claims within 60 ms"] == ("59.0 ms", True)
    assert found["100 claims: 99 of 100 searches on the search page within 60 ms"] == ("not measured", None)
    assert found["100 claims: 99 of 100 claim pages within 40 ms"] == ("41.0 ms", False)


def test_the_page_names_the_machine_and_the_day_and_neither_host_nor_path() -> None:
    facts = machine.describe()
    text = report.page(RESULTS, facts, datetime.date(2026, 2, 3), "python -m benchmarks.report")
    assert "| Date | 2026-02-03 |" in text
    assert {name for name, _ in facts} >= {"Processor", "Memory", "System", "Python", "SQLite"}
    assert os.uname().nodename not in text
    assert str(Path.home()) not in text


def test_a_table_is_text_and_markdown() -> None:
    table = Table("Bread", ("", "loaves"), [("rye", "2"), ("wheat", "10")], ["None is left."])
    assert table.text() == "Bread\nloaves  \n     2  rye\n    10  wheat\nNone is left."
    assert table.markdown() == "|  | loaves |\n| --- | ---: |\n| rye | 2 |\n| wheat | 10 |\n\nNone is left."


def test_a_plot_is_well_formed_and_says_in_words_what_it_shows() -> None:
    svg = ElementTree.fromstring(  # noqa: S314 - our own text
        plot("Time & bread", "Left is faster.", [Group("a <b>", [("c", 0.5), ("d", 20.0)])])
    )
    assert svg.findtext(f"{SVG}title") == "Time & bread"
    assert svg.findtext(f"{SVG}desc") == "Left is faster. a <b>: c 0.50×, d 20.00×."
    assert svg.get("role") == "img"
    bars = [float(bar.get("width", 0)) for bar in svg.iter(f"{SVG}rect") if bar.get("class") == "bar"]
    assert bars[1] / bars[0] == pytest.approx(4.32, abs=0.02)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to which a report was written, whose runs were as short as they can be, and whose mddb fails."""
    folder, modules = tmp_path_factory.mktemp("reported"), tmp_path_factory.mktemp("node_modules")
    (modules / ".bin").mkdir()
    (modules / ".bin" / "mddb").write_text("throw new Error('no bread')")
    short = ["--files", "20", "--rounds", "1", "--seconds", "0.1", "--replacements", "0", "--edits", "0"]
    words = [*short, "--clients", "2", "--node-modules", str(modules), "--output", str(folder)]
    result = CliRunner().invoke(report.main, words)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def page(reported: Path) -> str:
    """The page of that report."""
    return (reported / "performance.md").read_text(encoding="utf-8")


def test_the_report_writes_its_plots(reported: Path, page: str) -> None:
    plots = re.findall(r"!\[[^\]]+\]\(([\w-]+\.svg)\)", page)
    assert plots == ["performance-builds.svg", "performance-serving.svg"]
    for name in plots:
        root = ElementTree.fromstring((reported / name).read_text(encoding="utf-8"))  # noqa: S314 - our own text
        assert root.tag == f"{SVG}svg"
        assert any(bar.get("class") == "bar" for bar in root.iter(f"{SVG}rect"))


@pytest.mark.parametrize("name", [YARDSTICK, FULL, compare.UNCHANGED, *compare.CHANGES, compare.REGEX])
def test_every_build_is_reported_as_a_ratio(name: str, page: str) -> None:
    assert re.search(rf"^\| {name} \| [\d.]+ s \| [\d.–]+ \| 1 \| [\d.]+× \| [\d.]+× \| \d+ MB \|$", page, re.MULTILINE)


def test_two_processes_are_held_to_the_same_bounds() -> None:
    found = {bar.what: (bar.found, bar.met) for bar in report.bars(RESULTS)}
    assert found["100 claims: 99 of 100 claim pages within 40 ms"] == ("41.0 ms", False)
    assert found["100 claims, two processes: 99 of 100 claim pages within 40 ms"] == ("25.0 ms", True)
    [row] = serve.balanced_table(RESULTS.serving).rows
    assert row == ("claim page, two processes", "3.0 ms", "25.0 ms", "", "180", "0 of 9")


@pytest.mark.skipif(not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"), reason="needs nginx")
@pytest.mark.parametrize("kind", serve.BOUNDS)
def test_two_processes_behind_nginx_answer_what_is_bounded(kind: str, page: str) -> None:
    [line] = [line for line in page.splitlines() if line.startswith(f"| {kind}, two processes |")]
    assert re.search(r" 0 of \d+ \|$", line)


def test_a_peer_that_fails_or_is_not_installed_is_left_out_with_a_word(page: str) -> None:
    why = "node ended with 1: " if shutil.which("node") else compare.NOT_INSTALLED
    assert f"\nmddb: {why}" in page


@pytest.mark.parametrize("kind", [kind for kind in serve.KINDS if kind.stock], ids=lambda kind: kind.name)
def test_every_request_is_answered_by_ours_and_by_a_stock_datasette(kind: serve.Kind, page: str) -> None:
    [line] = [line for line in page.splitlines() if line.startswith(f"| {kind.name} |")]
    assert re.findall(r"(\d+) of \d+", line) == ["0", "0"]
    assert re.search(r" \| [\d.]+× \| [\d.]+× \|$", line)


def test_what_was_not_measured_is_said(page: str) -> None:
    assert "| 10,000 files: at least 40× faster than mddb | not measured |  |" in page
    assert "Replacing was not measured." in page
    assert "Watching was not measured." in page


def test_what_a_front_end_needs_is_asked_and_answered(sample_database: Path) -> None:
    found = needs.measure(sample_database, times=3, seed=1)
    assert [name for name, _ in found] == [need.name for need in needs.NEEDS]
    assert [name for name, one in found if one.failed or not 0 < one.middle <= one.slow or one.size == 0] == []
    assert needs.table(51, found).text().splitlines()[0] == "51 claims, one request at a time"
