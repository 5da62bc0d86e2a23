"""Deployment: nginx before several replicas hides that one of them dies and that the database is replaced."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from build import PROJECT
from claimbase.serve import command

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
with_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")
with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: apt-get install curl")
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STAGES = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL))
PATIENCE = 60  # seconds, after which something will never happen

# A tenth of a second of SQLite's work, more or less: a replica can be caught in the middle of it.
LONG = "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n+where+i<800000)+select+max(i)+from+n"
TAGS = "/codex/tags.json?_shape=arrayfirst&_size=max"


class Answer(NamedTuple):
    status: int
    cached: str | None
    etag: str | None
    body: bytes


def get(port: int, path: str, **headers: str) -> Answer:
    """What a server on this machine answers; -1 as the status where it does not, or not to the end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        body = response.read()
        return Answer(response.status, response.getheader("X-Cache-Status"), response.getheader("ETag"), body)
    except (OSError, http.client.HTTPException) as error:
        return Answer(-1, None, None, repr(error).encode())
    finally:
        connection.close()


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def words(stage: str, instruction: str) -> list[str]:
    """The words of an instruction of the Dockerfile that is written as a JSON list."""
    [found] = re.findall(rf"^{instruction} .*?(\[.*\])$", STAGES[stage], re.MULTILINE)
    return [str(word) for word in json.loads(found)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's file system as far as a server needs it: what the Dockerfile copies, and what it leaves out.

    Pages may be kept for one second, so that a test need not wait longer, and queries may take ten.
    """
    root = tmp_path_factory.mktemp("image")
    for line in re.findall(r"^COPY (?!--from)(.*)$", STAGES["site"], re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            place = root / "site" / target / (source if target.endswith("/") else "")
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (PROJECT / source).is_dir() else shutil.copyfile
            copy(PROJECT / source, place)
    settings = json.loads((root / "site/settings.json").read_text(encoding="utf-8"))
    settings |= {"default_cache_ttl": 1, "sql_time_limit_ms": 10_000}
    (root / "site/settings.json").write_text(json.dumps(settings), encoding="utf-8")
    [removed] = re.findall(r"^RUN pip uninstall --yes (.*)$", STAGES["serving"], re.MULTILINE)
    (root / "without").mkdir()
    (root / "without/sitecustomize.py").write_text(f"import sys; sys.modules.update(dict.fromkeys({removed.split()}))")
    return root


class Replica:
    """A process that serves a database as the image does, on a port of its own."""

    def __init__(self, image: Path, database: Path) -> None:
        self._image, self._database = image, database
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            self._here(words("site", "CMD")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": f"{self._image}/without", "DATASETTE_SECRET": "the same for all"},
        )

    def wait(self) -> None:
        """Waits until the replica answers."""
        eventually(lambda: get(self.port, "/codex/tags.json").status == 200)

    def is_healthy(self) -> bool:
        return subprocess.run(self._here(words("site", "HEALTHCHECK")), check=False).returncode == 0  # noqa: S603

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait()

    def _here(self, line: list[str]) -> list[str]:
        """A command of the image with the places of this machine."""
        program = {"python": [sys.executable], "datasette": [sys.executable, "-m", "datasette"]}[line[0]]
        here = {
            "/data/codex.db": str(self._database),
            "/site": f"{self._image}/site",
            "/site/deploy/healthy.py": f"{self._image}/site/deploy/healthy.py",
            "http://127.0.0.1:8001": f"http://127.0.0.1:{self.port}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - what is replaced
            "8001": str(self.port),
        }
        return [*program, *(here.get(word, word) for word in line[1:])]


@contextlib.contextmanager
def replicas(image: Path, databases: list[Path]) -> Iterator[list[Replica]]:
    """Replicas that answer, one for each of the databases."""
    started = [Replica(image, database) for database in databases]
    try:
        for replica in started:
            replica.wait()
        yield started
    finally:
        for replica in started:
            replica.stop(signal.SIGKILL)


@contextlib.contextmanager
def balancer(folder: Path, behind: list[Replica]) -> Iterator[int]:
    """nginx with the project's configuration before the replicas; its port. The file `asked` says who was asked."""
    port = free_port()
    folder.mkdir()
    configuration = (PROJECT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert configuration.count("listen 8080;") == configuration.count(" /var/cache/nginx/claimbase ") == 1
    configuration = configuration.replace("8080", str(port)).replace("/var/cache/nginx/claimbase", f"{folder}/cache")
    (folder / "claimbase.conf").write_text(configuration)
    listed = (PROJECT / "deploy/replicas.conf").read_text(encoding="utf-8")
    for template, replica in itertools.zip_longest(re.findall(r"^server .*", listed, re.MULTILINE), behind):
        listed = listed.replace(template, re.sub(r":\d+", f":{replica.port}", template) if replica else "")
    (folder / "replicas.conf").write_text(listed)
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ log_format asked $upstream_addr; access_log {folder}/asked asked; {places}\n"
        "include claimbase.conf; }\n"
    )
    nginx = subprocess.Popen(  # noqa: S603 - our own words, no shell
        [str(NGINX), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    )
    try:
        eventually(lambda: get(port, "/codex.json").status == 200)
        yield port
    finally:
        nginx.terminate()
        nginx.wait()


class Readers:
    """Threads that ask for one address after another until the block ends; `answers` is what they were answered.

    They rest between two questions for so many seconds.
    """

    def __init__(self, port: int, *paths: str, pause: float = 0.1) -> None:
        self._port, self._paths, self._pause = port, itertools.cycle(paths), pause
        self._numbers = itertools.count()
        self._end = threading.Event()
        self.threads = [threading.Thread(target=self._read) for _ in range(3)]
        self.answers: list[Answer] = []

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self.threads:
            thread.join()

    def read_on(self) -> None:
        """Waits until every reader has been answered some times more."""
        enough = len(self.answers) + 4 * len(self.threads)
        eventually(lambda: len(self.answers) >= enough)

    def failed(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status != 200]

    def _read(self) -> None:
        while True:
            # Where the address has a number in it, the answer is not there already.
            self.answers.append(get(self._port, next(self._paths).format(n=next(self._numbers))))
            if self._end.wait(self._pause):
                return


@pytest.fixture(scope="module")
def volumes(database: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What each of the replicas has as its folder /data: links to one folder with the database."""
    root = tmp_path_factory.mktemp("volumes")
    (root / "shared").mkdir()
    shutil.copyfile(database, root / "shared/codex.db")
    links = [root / name for name in ("one", "two")]
    for link in links:
        link.symlink_to(root / "shared")
    return links


@pytest.fixture(scope="module")
def pair(image: Path, volumes: list[Path]) -> Iterator[list[Replica]]:
    """Two replicas before one database."""
    with replicas(image, [volume / "codex.db" for volume in volumes]) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What nginx writes is here."""
    return tmp_path_factory.mktemp("front") / "nginx"


@pytest.fixture(scope="module")
def front(pair: list[Replica], folder: Path) -> Iterator[int]:
    """The port of nginx before the two replicas."""
    with balancer(folder, pair) as port:
        yield port


def with_tag(database: Path, tag: str, target: Path) -> Path:
    """A copy of a database as another build would make it: it has one tag more."""
    shutil.copyfile(database, target)
    with contextlib.closing(sqlite3.connect(target)) as connection:
        connection.execute("insert into tags values (?)", (tag,))
        connection.commit()
    return target


def test_the_image_has_what_the_site_needs_and_tells_whether_it_is_well(pair: list[Replica], image: Path) -> None:
    assert all(replica.is_healthy() for replica in pair)
    for page in ("/", "/codex/claims", "/codex/tags", "/static/claimbase.css", "/graphql/codex.graphql"):
        assert get(pair[0].port, page).status == 200, page
    check = [sys.executable, f"{image}/site/deploy/healthy.py", f"http://127.0.0.1:{free_port()}"]
    assert subprocess.run(check, check=False).returncode == 1  # noqa: S603 - our own words, no shell


def test_the_image_is_built_from_files_that_exist_and_are_not_ignored() -> None:
    allowed = re.findall(r"^!(.*)", (PROJECT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }
    assert copied == set(allowed)
    assert all((PROJECT / word).exists() for word in copied)
    assert re.search(r"^USER (?!root|0)", STAGES["site"], re.MULTILINE)


def test_publishing_takes_along_all_that_serving_takes(tmp_path: Path) -> None:
    serving = command(PROJECT, tmp_path / "codex.db", "127.0.0.1", 8001)
    script = (PROJECT / "deploy/publish").read_text(encoding="utf-8")
    taken = {word for word in serving if word.startswith("--")} - {"--immutable", "--host", "--port"}
    assert {word for word in taken if f"{word} " not in script} == set()
    assert refused([PROJECT / "deploy/publish", "fly"]) == "usage: deploy/publish cloudrun|fly codex.db [OPTION ...]\n"


def refused(words_: list[str | Path]) -> str:
    """What a command says that exits with 2."""
    run = subprocess.run(words_, capture_output=True, text=True, check=False)  # noqa: S603 - our own words, no shell
    assert run.returncode == 2
    return run.stderr


@with_nginx
def test_nginx_keeps_a_page_until_its_etag_changes_and_nothing_that_may_differ(front: int) -> None:
    page, sql = "/codex/domains.json?_shape=array", "/codex.json?sql=select+1"
    first, second = get(front, page), get(front, page)
    assert (first.status, first.cached) == (200, "MISS")
    assert (second.status, second.body, second.etag) == (200, first.body, first.etag)
    assert second.cached in ("HIT", "REVALIDATED")
    eventually(lambda: get(front, page).cached == "REVALIDATED")
    assert get(front, page, If_None_Match=str(first.etag)).status == 304
    assert get(front, page, Cookie="ds_actor=somebody").cached == "BYPASS"
    assert [get(front, sql).cached for _ in range(2)] == ["MISS", "MISS"]


@with_nginx
def test_further_pages_have_the_name_and_the_scheme_that_the_reader_knows(front: int) -> None:
    asked = get(front, "/codex/claims.json?_size=1", Host="claims.example.org", X_Forwarded_Proto="https")
    assert json.loads(asked.body)["next_url"].startswith("https://claims.example.org/codex/claims.json?_size=1&_next=")
    plain = get(front, "/codex/claims.json?_size=1")
    assert json.loads(plain.body)["next_url"].startswith(f"http://127.0.0.1:{front}/codex/claims.json?")


@with_nginx
def test_what_readers_are_sent_is_packed_once(front: int) -> None:
    plain, packed = (get(front, "/codex/claims", Accept_Encoding=coding).body for coding in ("identity", "gzip"))
    assert plain.startswith(b"<!DOCTYPE html>")
    assert packed.startswith(b"\x1f\x8b")
    assert len(packed) < len(plain) / 2


@with_nginx
def test_many_readers_of_a_new_page_cost_the_replicas_one_answer(front: int) -> None:
    answers: list[Answer] = []
    page = "/codex/claims?_size=max&_facet=agent"
    threads = [threading.Thread(target=lambda: answers.append(get(front, page))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {200}
    assert [answer.cached for answer in answers].count("MISS") == 1


@with_nginx
def test_a_long_query_comes_through(front: int) -> None:
    text = "a" * 12_000
    assert text.encode() in get(front, f"/codex?sql=select+'{text}'").body


@with_nginx
def test_a_new_database_reaches_all_replicas_without_a_failed_request(
    pair: list[Replica], front: int, volumes: list[Path], tmp_path: Path
) -> None:
    shared = volumes[0].resolve() / "codex.db"
    with Readers(front, f"{TAGS}&n={{n}}", TAGS, "/codex/claims?n={n}") as readers:
        readers.read_on()
        with_tag(shared, "of-the-new-build", tmp_path / "codex.db").replace(shared)
        for port in (*(replica.port for replica in pair), front):
            eventually(lambda port=port: b"of-the-new-build" in get(port, TAGS).body)  # type: ignore[misc]
        readers.read_on()
    assert readers.failed() == []


@with_nginx
@with_curl
def test_refresh_brings_a_new_database_to_one_replica_after_another(
    pair: list[Replica], front: int, volumes: list[Path], tmp_path: Path
) -> None:
    for volume in volumes:
        give_a_copy_of_its_own(volume)
    copies = [volume / "codex.db" for volume in volumes]
    new, broken = with_tag(copies[0], "of-the-next-build", tmp_path / "new.db"), tmp_path / "broken.db"
    broken.write_text("no database")
    listed = [f"http://127.0.0.1:{replica.port}={copy}" for replica, copy in zip(pair, copies, strict=True)]
    with Readers(front, f"{TAGS}&n={{n}}", TAGS) as readers:
        assert refresh(new, *listed) == (0, [f"http://127.0.0.1:{n.port} answers with the new database" for n in pair])
        readers.read_on()
    assert readers.failed() == []
    assert all(b"of-the-next-build" in get(replica.port, TAGS).body for replica in pair)
    assert refresh(new, *listed) == (0, [f"http://127.0.0.1:{n.port} has it already" for n in pair])
    last_words = "still answers with the old database; its log says why"
    assert refresh(broken, *listed, seconds=1) == (1, [f"http://127.0.0.1:{pair[0].port}: {last_words}"])
    assert copies[1].read_bytes() == new.read_bytes()
    assert {path.name for volume in volumes for path in volume.iterdir()} == {"codex.db"}
    shutil.copyfile(new, tmp_path / "good.db")
    (tmp_path / "good.db").replace(copies[0])


def give_a_copy_of_its_own(volume: Path) -> None:
    """Makes a replica's folder, so far a link to the shared one, a folder of its own with the same database."""
    own, link = volume.with_suffix(".own"), volume.with_suffix(".link")
    shutil.copytree(volume, own)
    link.symlink_to(own)
    link.replace(volume)


def refresh(*arguments: str | Path, seconds: int = PATIENCE) -> tuple[int, list[str]]:
    """The exit code of `deploy/refresh` and what it says."""
    run = subprocess.run(  # noqa: S603 - our own words, no shell
        [PROJECT / "deploy/refresh", *arguments],
        env=os.environ | {"REFRESH_SECONDS": str(seconds)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout.splitlines()


def test_refresh_refuses_what_it_does_not_understand(tmp_path: Path) -> None:
    script, new, place = PROJECT / "deploy/refresh", tmp_path / "new.db", "/srv/one/codex.db"
    new.write_text("")
    assert refused([script]) == "usage: deploy/refresh NEW.db URL=COPY [URL=COPY ...]\n"
    assert refused([script, tmp_path / "no.db", "http://a=b"]) == f"{tmp_path}/no.db: there is no such file\n"
    what = "a replica is written URL=COPY, where COPY is the path of its codex.db"
    assert refused([script, new, place]) == f"{place}: {what}\n"


@with_nginx
def test_a_replica_that_dies_is_missed_by_nobody_and_the_last_one_leaves_what_was_read(
    pair: list[Replica], front: int, folder: Path
) -> None:
    with Readers(front, f"{TAGS}&m={{n}}", "/codex.json?sql=select+{n}") as readers:
        readers.read_on()
        pair[0].stop(signal.SIGTERM)
        readers.read_on()
        pair[0].start()
        asked = (folder / "asked").stat().st_size
        eventually(lambda: f"\n127.0.0.1:{pair[0].port}\n" in (folder / "asked").read_text()[asked:])
    assert readers.failed() == []

    with Readers(front, f"/codex.json?sql={LONG}&n={{n}}", pause=PATIENCE) as askers:
        time.sleep(0.05)
        pair[1].stop(signal.SIGKILL)
    assert [answer.status for answer in askers.answers] == [200] * len(askers.threads)

    before = get(front, TAGS)
    pair[0].stop()
    eventually(lambda: get(front, TAGS).cached == "STALE")
    assert get(front, TAGS)[::3] == (200, before.body)
    assert get(front, "/codex/never-read").status == 502
