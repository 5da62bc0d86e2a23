"""Load: many clients at a running site whose database is replaced again and again, and what they come upon."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import httpx

from build import PROJECT
from claimbase.serve import command
from claimbase.write import replacing

# The names of the two builds: every title has its build's, so that an answer tells where each of its parts is from.
BUILDS = ("amber", "cobalt")
_BUILD = re.compile("|".join(BUILDS))
# A stream then takes several queries, as that of a large base does.
_SETTINGS = ("--setting", "max_returned_rows", "30", "--setting", "default_page_size", "20")
_PATIENCE_SECONDS = 60.0
# Four requests within the request, and few enough for the library's limit of a second on a machine that is busy.
_GRAPHQL = """{
  claims(first: 3) {
    nodes {
      title
      arguments_by_to_claim_list(first: 3) { nodes { from_claim { title } } }
    }
  }
}"""
_SQL = "select+title,+(select+count(*)+from+links)+from+claims+order+by+title"
# What is asked, and how often for each time all are: what takes many queries is asked less.
QUESTIONS = {
    f"/codex.json?_shape=array&sql={_SQL}": 12,
    "/codex/search.json?_shape=objects&q=claim": 12,
    "/codex/claims.json?_size=10&_labels=on&_nofacet=1": 6,
    "/codex/claims/claim-1": 6,
    "/codex/claims.csv?_stream=1&_labels=on": 2,
    "/graphql": 1,
}
_VISIBLE = "/codex.json?_shape=array&sql=select+title+from+claims+limit+1"


class State(NamedTuple):
    """What a process holds: open descriptors, threads, and memory in MB. All are 0 where there is no /proc."""

    descriptors: int
    threads: int
    memory: float


class Site(NamedTuple):
    """A running site, the file it serves, and the number of its process."""

    address: str
    database: Path
    process: int


class Findings(NamedTuple):
    """What was asked and what went wrong: the answers that failed, that were of two builds, or of none.

    `seconds` are those from each replacement to the first answer of the new build.
    """

    asked: Counter[str]
    failed: list[str]
    mixed: list[str]
    seconds: list[float]
    before: State
    after: State


def write_base(folder: Path, build: str, claims: int = 60) -> None:
    """A base of claims that support each other, where every title names the build, and the file names do not."""
    domain, archive = folder / "domains" / "tests", folder / "inbox" / "archive"
    for place in (domain, archive):
        place.mkdir(parents=True)
    for number in range(claims):
        others = [(number + step) % claims for step in (1, 2, 3)]
        links = "".join(f"- [[claim-{other}]] — because {build} says so\n" for other in others)
        supports = f"supports: [{', '.join(f'claim-{other}' for other in others)}]"
        head = f'type: claim\ndomain: tests\nconfidence: likely\nsource: "[[source-{number % 5}]]"\n{supports}'
        text = f"---\n{head}\n---\n\n# Claim {number} of {build}\n\nRelevant Notes:\n{links}"
        (domain / f"claim-{number}.md").write_text(text, encoding="utf-8")
    for number in range(5):
        text = f"---\ntype: source\ntitle: Source {number} of {build}\nauthor: {build}\n---\n\nText.\n"
        (archive / f"source-{number}.md").write_text(text, encoding="utf-8")


def build_all(folder: Path) -> dict[str, Path]:
    """The databases of the builds by their names, each built as its users would."""
    databases = {build: folder / build / "codex.db" for build in BUILDS}
    for build, database in databases.items():
        write_base(folder / build / "base", build)
        words = (sys.executable, str(PROJECT / "build.py"), str(folder / build / "base"), "--output", str(database))
        subprocess.run((*words, "--quiet"), check=True)  # noqa: S603 - our own words, no shell
    return databases


def put_in_place(build: Path, database: Path) -> None:
    """Replaces a database by a build in the way every build does."""
    with replacing(database) as temporary:
        shutil.copyfile(build, temporary)


@contextlib.contextmanager
def serving(database: Path) -> Iterator[Site]:
    """The site over a database, as `build.py --serve` runs it, on a port that is free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = command(PROJECT, database, "127.0.0.1", port)
    with (
        (database.parent / "server.txt").open("wb") as said,
        subprocess.Popen(  # noqa: S603 - our own words, no shell
            [*words, *_SETTINGS], stdout=said, stderr=said
        ) as process,
    ):
        try:
            _wait_for(process, port)
            yield Site(f"http://127.0.0.1:{port}", database, process.pid)
        finally:
            process.terminate()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server ended with {process.returncode}")


def look(process: int) -> State:
    """What a process holds now."""
    folder = Path(f"/proc/{process}")
    if not folder.exists():
        return State(0, 0, 0.0)
    status = dict(line.split(":", 1) for line in (folder / "status").read_text(encoding="utf-8").splitlines())
    memory = int(status["VmRSS"].split()[0]) / 1024
    return State(len(list((folder / "fd").iterdir())), int(status["Threads"]), memory)


class Visit:
    """Many clients at one site whose database is replaced again and again."""

    def __init__(self, site: Site, builds: Sequence[Path], clients: int) -> None:
        self.asked: Counter[str] = Counter()
        self.failed: list[str] = []
        self.mixed: list[str] = []
        self.seconds: list[float] = []
        self._site = site
        self._builds = cycle([*builds[1:], builds[0]])
        self._clients = clients

    async def make(self, requests: int, refreshes: int) -> None:
        """Asks so many times and more, until so many replacements have been seen, and goes."""
        replacer = asyncio.create_task(self._replace(requests, refreshes))
        await asyncio.gather(*(self._ask(number, requests, replacer) for number in range(self._clients)))
        await replacer

    async def _ask(self, number: int, requests: int, replacer: asyncio.Task[None]) -> None:
        paths = [path for path, often in QUESTIONS.items() for _ in range(often)]
        async with httpx.AsyncClient(base_url=self._site.address, timeout=_PATIENCE_SECONDS) as client:
            while self.asked.total() < requests or not replacer.done():
                path = paths[(self.asked.total() * 7 + number) % len(paths)]
                self.asked[path] += 1
                # Half of the requests are for what nobody has asked before and no cache can have.
                fresh = f"_request={self.asked.total()}" if self.asked[path] % 2 else ""
                self._note(path, await _answer(client, path, fresh))

    def _note(self, path: str, answer: httpx.Response | str) -> None:
        if isinstance(answer, str) or answer.status_code != 200:
            said = answer if isinstance(answer, str) else f"{answer.status_code} {answer.text[:500]}"
            self.failed.append(f"{path}: {said}")
            return
        builds = set(_BUILD.findall(answer.text))
        if len(builds) != 1:
            self.mixed.append(f"{path}: {sorted(builds) or 'no build'}")

    async def _replace(self, requests: int, refreshes: int) -> None:
        async with httpx.AsyncClient(base_url=self._site.address, timeout=_PATIENCE_SECONDS) as client:
            for number in range(refreshes):
                while self.asked.total() < requests * number / refreshes:
                    await asyncio.sleep(0.01)
                build = next(self._builds)
                await asyncio.to_thread(put_in_place, build, self._site.database)
                self.seconds.append(await _seconds_until_shown(client, build.parent.name))


async def _answer(client: httpx.AsyncClient, path: str, fresh: str) -> httpx.Response | str:
    try:
        if path == "/graphql":
            return await client.post(path, json={"query": _GRAPHQL})
        return await client.get(f"{path}{'&' if '?' in path else '?'}{fresh}")
    except httpx.HTTPError as error:
        return repr(error)


async def _seconds_until_shown(client: httpx.AsyncClient, build: str) -> float:
    started = time.perf_counter()
    while build not in (await client.get(_VISIBLE)).text:
        if time.perf_counter() - started > _PATIENCE_SECONDS:
            raise AssertionError(f"the site does not show {build}")
        await asyncio.sleep(0.01)
    return time.perf_counter() - started


async def _settled(process: int, wanted: State) -> State:
    """What a process holds once it holds no more than before, or after ten seconds."""
    for _ in range(100):
        found = look(process)
        if found.descriptors <= wanted.descriptors and found.threads <= wanted.threads:
            break
        await asyncio.sleep(0.1)
    return look(process)


async def find_out(site: Site, builds: Sequence[Path], requests: int, refreshes: int, clients: int) -> Findings:
    """Asks a site while its database, the first of the builds at the start, is replaced by them in turn."""
    # One client at first: while the library makes its GraphQL schema, for a second, it answers nobody else.
    await Visit(site, builds, clients=1).make(requests=sum(QUESTIONS.values()), refreshes=0)
    warm = Visit(site, builds, clients)
    await warm.make(requests=sum(QUESTIONS.values()), refreshes=len(builds))
    await asyncio.sleep(1)
    before = look(site.process)
    visit = Visit(site, builds, clients)
    await visit.make(requests, refreshes)
    after = await _settled(site.process, before)
    return Findings(visit.asked, warm.failed + visit.failed, warm.mixed + visit.mixed, visit.seconds, before, after)


def refresh_under_load(folder: Path, requests: int, refreshes: int, clients: int) -> Findings:
    """Builds, serves, asks and replaces, with what is needed for it in a folder."""
    builds = list(build_all(folder).values())
    database = folder / "codex.db"
    shutil.copyfile(builds[0], database)
    with serving(database) as site:
        return asyncio.run(find_out(site, builds, requests, refreshes, clients))
