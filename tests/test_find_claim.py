"""Find the claim that is meant, or say which may have been."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimbase.base import Base, NoAnswer
from claimbase.find_claim import find_claim
from claimbase.pipeline import build_database
from tests.conftest import opened
from tests.histories import Base as History

NAPS = "naps-restore-attention-within-twenty-minutes"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (NAPS, (NAPS, "id")),
        (f"claim://{NAPS}", (NAPS, "id")),
        ("[[Naps restore attention within twenty minutes]]", (NAPS, "id")),
        ("Blue light moves the body clock", ("blue-light-moves-the-body-clock", "id")),
        ("Short sleep lowers the response to a vaccine", ("short-sleep-lowers-vaccine-response", "title")),
    ],
)
def test_a_claim_is_found_by_its_id_or_title(base: Base, name: str, found: tuple[str, str]) -> None:
    assert find_claim(base, name) == found


def test_a_claim_is_found_by_a_name_that_it_had_unless_it_is_gone(tmp_path: Path) -> None:
    history, folder = History(tmp_path / "kb"), "domains/rest"
    history.commit({f"{folder}/naps help.md": "Naps help nurses.", f"{folder}/tea helps.md": "It is hot."})
    history.commit({f"{folder}/naps help.md": None, f"{folder}/short naps restore.md": "Naps help nurses."})
    history.commit({f"{folder}/tea helps.md": None})
    build_database(history.root, tmp_path / "codex.db")
    with opened(tmp_path / "codex.db") as base:
        assert find_claim(base, "Naps help") == ("short-naps-restore", "former name")
        with pytest.raises(
            NoAnswer, match=r"no claim 'Tea helps'; it was deleted on 2026-01-03.* by commit [0-9a-f]{40}"
        ):
            find_claim(base, "Tea helps")


def test_a_name_that_nothing_has_comes_with_the_nearest_ids(base: Base) -> None:
    with pytest.raises(NoAnswer) as told:
        find_claim(base, "Naps restore atention within ten minutes")
    assert str(told.value).startswith(
        f"there is no claim 'Naps restore atention within ten minutes'; did you mean {NAPS}"
    )
    with pytest.raises(NoAnswer, match="search for words of it"):
        find_claim(base, "zzz")


def test_a_title_that_several_claims_have_is_no_answer(tmp_path: Path) -> None:
    folder = tmp_path / "kb/domains/rest"
    folder.mkdir(parents=True)
    for name in ("breaks", "pauses"):
        (folder / f"{name}.md").write_text("---\ntitle: Two are better than one\n---\n")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    told = "2 claims are called 'Two are better than one'; ask for one of them by its id: breaks, pauses"
    with opened(tmp_path / "codex.db") as base, pytest.raises(NoAnswer, match=told):
        find_claim(base, "Two are better than one")
