"""A real browser before a real site over the tiny knowledge base with a past; without a browser these are skipped."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from build import PROJECT
from claimbase.serve import command, serving

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 60

expect.set_options(timeout=1000 * _PATIENCE)


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(
        [*command(PROJECT, past_database, "127.0.0.1", port), "--setting", "sql_time_limit_ms", "20000"]
    ) as server:
        _wait(server, port)
        yield f"http://127.0.0.1:{port}"


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(10 * _PATIENCE):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    pytest.fail("the server does not answer")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose console stays silent and which asks nobody but the site."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(1000 * _PATIENCE)
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))
    yield opened
    context.close()
    assert said == []
