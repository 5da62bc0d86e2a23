"""Generated bases are the same every time, and as large, linked and dirty as they are said to be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from benchmarks.compare import main as compare
from benchmarks.generate import generate, write_base
from build import read_codex


def test_the_same_seed_gives_the_same_files_and_another_seed_others() -> None:
    assert dict(generate(60, 1)) == dict(generate(60, 1))
    assert dict(generate(60, 1)) != dict(generate(60, 2))


def test_a_generated_base_has_as_many_files_as_asked_for_and_links_that_mostly_lead_somewhere(tmp_path: Path) -> None:
    write_base(tmp_path, 600, 1)
    codex = read_codex(tmp_path, progress=False)
    assert len(codex.documents) == 600
    assert Counter(document.kind for document in codex.documents) == {"claim": 360, "source": 240}
    states = Counter(link.state for link in codex.links)
    assert states["resolved"] > 0.8 * (len(codex.links) - states["prose"])
    assert {problem.code for problem in codex.problems} & {"dead-link", "imprecise-date", "duplicate-key"}


def test_the_comparison_prints_a_ratio() -> None:
    result = CliRunner().invoke(compare, ["--files", "20", "--rounds", "1"])
    assert result.exit_code == 0, result.output
    assert "1.0×  sqlite-utils insert-files, enable-fts" in result.output
    assert "×  build.py" in result.output
