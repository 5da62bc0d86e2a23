"""The tiny knowledge base of `tests/kb`, read once, written once, and served by a real Datasette."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import parse_metadata
from hypothesis import settings
from hypothesis import strategies as st

from build import PROJECT
from claimbase.base import Base as Asked
from claimbase.base import asking
from claimbase.pipeline import build_database, read_codex
from claimbase.questions import read_questions
from claimbase.records import Codex
from claimbase.serve import command, read_settings, serving
from claimbase.write import SCHEMA_VERSION
from tests.histories import Base
from tests.nasty import write_nasty_base

# The same examples every time, and no clock that decides whether a slow machine passes.
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=60)
# `HYPOTHESIS_PROFILE=nightly` looks longer, and elsewhere every time.
settings.register_profile("nightly", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

KB = Path(__file__).parent / "kb"
# The tiny base has no past: that of this project, which lies around it, is none of its business.
os.environ["GIT_CEILING_DIRECTORIES"] = str(KB.parent)

# Bodies of any text, and of pieces that open, close and cut off code, sections and evidence blocks.
BODIES = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *("```", "~~~", "`", "``", "# h", "### Additional Evidence (extend)", "### x (challenge)", "---"),
                *("text", "*Source: [[a]] | Added: 2026*", "*Source: b*", "(confirm) c", "", "    d", "- [[e]]"),
                *("> f", "`g` h"),
            ]
        ),
        max_size=14,
    ).map("\n".join),
)


@pytest.fixture(scope="session")
def codex() -> Codex:
    """The tiny knowledge base, read and resolved."""
    return read_codex(KB)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database built from the tiny knowledge base."""
    path = tmp_path_factory.mktemp("database") / "codex.db"
    build_database(KB, path)
    return path


@pytest.fixture(scope="session")
def sample() -> Codex:
    """The sample knowledge base of this repository, read and resolved."""
    return read_codex(PROJECT)


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database built from the sample knowledge base."""
    path = tmp_path_factory.mktemp("sample") / "codex.db"
    build_database(PROJECT, path)
    return path


@pytest.fixture(scope="session")
def nasty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database of a base that says in every field what some format takes for a command."""
    folder = tmp_path_factory.mktemp("nasty")
    write_nasty_base(folder / "kb")
    build_database(folder / "kb", folder / "codex.db")
    return folder / "codex.db"


@pytest.fixture(scope="session")
def past_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database built from the tiny knowledge base with a past.

    One claim was rated up and down again, one got another name, one was deleted, and one does what harm it can.
    """
    folder = tmp_path_factory.mktemp("past")
    shutil.copytree(KB, folder / "kb")
    base, sleep = Base(folder / "kb"), "domains/sleep"
    naps = (KB / sleep / "Naps restore attention within twenty minutes.md").read_text(encoding="utf-8")
    cold = (KB / sleep / "cold rooms deepen sleep.md").read_text(encoding="utf-8")
    hostile = "---\nconfidence: likely\ntitle: </title><script>alert(1)</script>\n---\n\nText.\n"
    base.commit({f"{sleep}/harm.md": hostile}, "Begin")
    proven = naps.replace("confidence: likely", "confidence: proven")
    base.commit(
        {f"{sleep}/Naps restore attention within twenty minutes.md": proven},
        "mara: look again (#7)\n\nPentagon-Agent: Mara <HEADLESS>",
    )
    base.commit(
        {f"{sleep}/Naps restore attention within twenty minutes.md": naps.replace("luxury", "luxury at all")},
        "mara: enrich (#8)\n\n- Source: inbox/archive/2026-02-10-okafor-twenty-minute-naps.md\n\n"
        "Pentagon-Agent: Mara <PIPELINE>",
    )
    base.commit({f"{sleep}/cold rooms deepen sleep.md": None, f"{sleep}/cool rooms deepen sleep.md": cold}, "Cooler")
    base.commit({f"{sleep}/siestas survive where summers are hot.md": None}, "Nobody naps there any longer")
    base.commit(
        {f"{sleep}/harm.md": hostile.replace("likely", "</q><script>alert(2)</script>")},
        "</summary><script>alert(3)</script> \x0b & more",
    )
    build_database(base.root, folder / "codex.db")
    return folder / "codex.db"


@pytest.fixture
def past(past_database: Path) -> Datasette:
    """The site over the database of the tiny knowledge base with a past."""
    return open_site(past_database)


@pytest.fixture
def rows(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the database, whose rows answer to column names."""
    with closing(connect(database)) as connection:
        yield connection


@pytest.fixture
def nasty(nasty_database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the database of the nasty base, whose rows answer to column names."""
    with closing(connect(nasty_database)) as connection:
        yield connection


def connect(database: Path) -> sqlite3.Connection:
    """A connection that only reads, whose rows answer to column names."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


@pytest.fixture
def site(database: Path) -> Datasette:
    """The site over the database of the tiny knowledge base."""
    return open_site(database)


@pytest.fixture
def local_site(database: Path) -> Datasette:
    """The site over the database of the tiny knowledge base, as its author sees it on the machine it is written on."""
    return open_site(database, local=True)


@pytest.fixture
def sample_site(sample_database: Path) -> Datasette:
    """The site over the database of the sample knowledge base."""
    return open_site(sample_database)


QUESTIONS = read_questions(PROJECT)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Asked]:
    """A database, open to be asked as programs ask it."""
    with asking(path, QUESTIONS, SCHEMA_VERSION) as base:
        yield base


@pytest.fixture
def base(database: Path) -> Iterator[Asked]:
    """The tiny knowledge base, open to be asked."""
    with opened(database) as base:
        yield base


@pytest.fixture(scope="module")
def asked_sample(sample_database: Path) -> Iterator[Datasette]:
    """The site over the sample, kept open for a module that only asks: its schema of GraphQL takes a second to make."""
    yield from _kept_open(sample_database)


@pytest.fixture(scope="module")
def asked_past(past_database: Path) -> Iterator[Datasette]:
    """The site over the tiny knowledge base with a past, kept open for a module that only asks."""
    yield from _kept_open(past_database)


def _kept_open(database: Path) -> Iterator[Datasette]:
    site = open_site(database)
    _OPENED.remove(site)
    yield site
    _OPENED.append(site)


# Seconds, after which a server will never answer.
PATIENCE = 60


@contextlib.contextmanager
def served(database: Path, *settings: str) -> Iterator[str]:
    """The address of a server over a database, on a port that was free, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving([*command(PROJECT, database, "127.0.0.1", port), *settings]) as server:
        _await(server, port)
        yield f"http://127.0.0.1:{port}"


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(10 * PATIENCE):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
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


@pytest.fixture(scope="session")
def sample_address(sample_database: Path) -> Iterator[str]:
    """Where a server has the sample knowledge base, for programs that come over the wire."""
    with served(sample_database) as address:
        yield address


# Datasette keeps every site of a process alive, and with it the files that it has open.
_OPENED: list[Datasette] = []


@pytest.fixture(autouse=True)
def _close_sites() -> Iterator[None]:
    """Closes what a test has opened."""
    yield
    while _OPENED:
        for database in _OPENED.pop().databases.values():
            database.close()


def open_site(database: Path, *, local: bool = False) -> Datasette:
    """A database as it is served: with this project's metadata, templates, plugins and settings, public or local."""
    site = Datasette(
        [],
        immutables=[str(database)],
        metadata=parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8")),
        template_dir=str(PROJECT / "templates"),
        plugins_dir=str(PROJECT / "plugins"),
        static_mounts=[("static", str(PROJECT / "static"))],
        settings=read_settings(PROJECT, local),
    )
    _OPENED.append(site)
    return site


class Listener:
    """A plugin that writes down every statement of every connection."""

    __name__ = "listener"

    def __init__(self) -> None:
        self.statements: list[str] = []

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.statements.append)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener to every connection that is opened meanwhile."""
    listener = Listener()
    pm.register(listener)
    yield listener
    pm.unregister(listener)
