"""A real browser before a real site over the tiny knowledge base with a past; without a browser these are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PATIENCE, served

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
expect.set_options(timeout=1000 * PATIENCE)


# Playwright's loop runs in this thread until it is stopped, and no asynchronous test can run before that.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window, as the system has it."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if not found:
        pytest.skip("no Chromium is installed (`apt install chromium`)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(past_database: Path) -> Iterator[str]:
    """Where the site is served."""
    with served(past_database, "--setting", "sql_time_limit_ms", "20000") as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose console stays silent and which asks nobody but the site."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(1000 * PATIENCE)
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))
    yield opened
    context.close()
    assert said == []
