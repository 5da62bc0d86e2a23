"""What goes wrong is told as Python tells it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from datasette import handle_exception

from tests.conftest import open_site


def never() -> None:
    raise AssertionError("this would be told with the values of all variables")


async def test_what_is_not_found_is_told_without_rich(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handle_exception, "rich", SimpleNamespace(get_console=never))
    site = open_site(database)
    assert (await site.client.get("/codex/claims/nobody-wrote-this")).status_code == 404
    assert (await site.client.get("/codex/claims/naps-restore-attention-within-twenty-minutes/more")).status_code == 404
