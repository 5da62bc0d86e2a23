"""Caching: tags that tell answers apart, answers that are not made or sent again, and text that is sent packed."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata

from build import PROJECT
from plugins.caching import LARGEST_KEPT, Answer, Answers, Message, Site, Tagging, accepts_gzip
from tests.conftest import Listener, open_site

CLAIM = "/codex/claims/naps-restore-attention-within-twenty-minutes"
PLAIN = {"accept-encoding": "identity"}
TAG = re.compile(r'W/"[0-9a-f]{32}"')


def changed(database: Path, **settings: Any) -> Datasette:
    """The site with other settings."""
    return Datasette(
        [],
        immutables=[str(database)],
        metadata=parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8")),
        template_dir=str(PROJECT / "templates"),
        plugins_dir=str(PROJECT / "plugins"),
        static_mounts=[("static", str(PROJECT / "static"))],
        settings=json.loads((PROJECT / "settings.json").read_text(encoding="utf-8")) | settings,
    )


async def tag(site: Datasette, address: str, **headers: str) -> str:
    """The ETag of a page, once the file of the database has been read."""
    while any(database.hash is None and not database.is_mutable for database in site.databases.values()):
        await asyncio.sleep(0.01)
    response = await site.client.get(address, headers=headers)
    assert response.status_code == 200, address
    return str(response.headers.get("etag", ""))


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/.json", "/codex", "/codex.json", CLAIM, f"{CLAIM}.json", "/codex/claims", "/codex/claims.csv"),
        *("/codex/claims.json?_search=nap", "/codex/search?q=nap", "/codex/wanted.json", "/codex/claims?_facet=type"),
        *("/static/claimbase.css", "/-/static/table.js"),
    ],
)
async def test_who_has_an_answer_is_told_so_and_nothing_is_asked(
    database: Path, listener: Listener, address: str
) -> None:
    site = open_site(database)
    first = await site.client.get(address)
    assert TAG.fullmatch(first.headers["etag"])
    listener.statements.clear()
    again = await site.client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, listener.statements) == (304, b"", [])
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]


async def test_a_site_that_was_started_again_knows_the_tags_it_gave_before(database: Path) -> None:
    before = await tag(open_site(database), CLAIM)
    answer = await open_site(database).client.get(CLAIM, headers={"if-none-match": before})
    assert answer.status_code == 304


@pytest.mark.parametrize("told", ['W/"else", {}', '{},W/"else"', '"else" , {} ,"another"'])
async def test_a_tag_is_known_among_others_and_as_a_strong_one(site: Datasette, told: str) -> None:
    known = await tag(site, CLAIM)
    for form in (known, known.removeprefix("W/")):
        answer = await site.client.get(CLAIM, headers={"if-none-match": told.format(form)})
        assert answer.status_code == 304


@pytest.mark.parametrize("told", ['W/"else"', '"', "*", "nonsense", ""])
async def test_who_has_something_else_is_sent_the_page(site: Datasette, told: str) -> None:
    assert (await site.client.get(CLAIM, headers={"if-none-match": told})).status_code == 200


async def test_tags_differ_with_the_address_the_host_and_the_packing(site: Datasette) -> None:
    tags = [
        await tag(site, CLAIM),
        await tag(site, f"{CLAIM}?_x=1"),
        await tag(site, f"{CLAIM}.json"),
        await tag(site, CLAIM, host="elsewhere.example"),
        await tag(site, CLAIM, **PLAIN),
    ]
    assert len(set(tags)) == len(tags)


async def test_a_copy_of_the_database_has_the_same_tags_and_another_has_others(
    database: Path, sample_database: Path, tmp_path: Path
) -> None:
    shutil.copy(database, tmp_path / "codex.db")
    assert await tag(open_site(tmp_path / "codex.db"), "/codex") == await tag(open_site(database), "/codex")
    assert await tag(open_site(sample_database), "/codex") != await tag(open_site(database), "/codex")


def test_whatever_the_site_is_made_of_is_part_of_its_identity(database: Path, tmp_path: Path) -> None:
    known = {Site(open_site(database)).identity(), Site(changed(database, default_page_size=7)).identity()}
    other = open_site(database)
    other._metadata_local["title"] = "Another"
    known.add(Site(other).identity())
    for name in ("templates", "static"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    moved = open_site(database)
    moved.template_dir, moved.static_mounts = str(tmp_path / "templates"), [("static", str(tmp_path / "static"))]
    assert Site(moved).identity() in known
    for path in ("templates/base.html", "static/claimbase.css"):
        (tmp_path / path).write_text("/* other */", encoding="utf-8")
        known.add(Site(moved).identity())
    assert len(known) == 5


async def test_the_same_site_over_other_databases_goes_by_their_files(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("create table things (id integer primary key)")
    connection.close()
    plugins = str(PROJECT / "plugins")
    assert TAG.fullmatch(await tag(Datasette([], immutables=[str(path)], plugins_dir=plugins), "/other/things"))
    assert await tag(Datasette([str(path)], plugins_dir=plugins), "/other/things") == ""


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/codex/claims/nobody-wrote-this", 404),
        ("/nowhere", 404),
        ("/static/nowhere.css", 404),
        ("/codex?sql=select+nonsense", 400),
        ("/codex/claims?_sort=nonsense", 400),
        ("/document/naps-restore-attention-within-twenty-minutes", 302),
    ],
)
async def test_what_is_no_page_has_no_tag_and_is_asked_for_again(site: Datasette, address: str, status: int) -> None:
    for headers in ({}, {"if-none-match": "*"}):
        answer = await site.client.get(address, headers=headers)
        assert answer.status_code == status
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        *("/-/threads.json", "/-/databases", "/-/actor.json", "/-/versions.json", "/graphql"),
        *("/codex?sql=select+random()", "/codex.json?%73ql=select+random()", "/codex/claims?_where=random()+%3C%3E+0"),
        "/codex/links.csv?_stream=on",
    ],
)
async def test_what_may_be_another_next_time_has_no_tag(local_site: Datasette, address: str) -> None:
    answer = await local_site.client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] in ("no-cache", "private, no-store")


def test_no_query_of_the_site_asks_for_the_time_or_a_random_number() -> None:
    metadata = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))
    texts = [query["sql"] for query in metadata["databases"]["codex"]["queries"].values()]
    for folder in ("plugins", "claimbase"):
        texts += [path.read_text(encoding="utf-8") for path in (PROJECT / folder).rglob("*.sql")]
    assert len(texts) > 50
    unsure = r"\b(?:random|randomblob|current_\w+|date|time|datetime|julianday|strftime|unixepoch)\b\s*\(|'now'|:_\w"
    assert [sql for sql in texts if re.search(unsure, sql, re.IGNORECASE)] == []


@pytest.mark.parametrize("headers", [{"cookie": "a=b"}, {"authorization": "Bearer a"}])
async def test_who_may_be_known_has_pages_of_their_own(site: Datasette, headers: dict[str, str]) -> None:
    answer = await site.client.get(CLAIM, headers=headers | {"if-none-match": await tag(site, CLAIM)})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    assert "etag" not in answer.headers


async def test_what_is_posted_is_answered_anew(site: Datasette) -> None:
    answer = await site.client.post("/graphql", json={"query": "{claims(first: 1) {nodes {id}}}"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert (await site.client.post(CLAIM)).status_code == 405


@pytest.mark.parametrize("address", ["/", CLAIM, "/codex/claims.json", "/codex/claims.csv", "/static/claimbase.css"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_head_has_the_headers_of_the_page_and_no_body(site: Datasette, address: str, coding: str) -> None:
    head = await site.client.head(address, headers={"accept-encoding": coding})
    page = await site.client.get(address, headers={"accept-encoding": coding})
    assert head.content == b""
    assert dict(head.headers).items() <= dict(page.headers).items()
    assert head.headers["etag"] == page.headers["etag"]


async def test_answers_vary_with_who_asks_and_how_they_unpack(site: Datasette) -> None:
    for headers in ({}, PLAIN):
        page = await site.client.get(CLAIM, headers=headers)
        style = await site.client.get("/static/claimbase.css", headers=headers)
        assert page.headers["vary"] == "Cookie, Authorization, Accept-Encoding"
        assert style.headers["vary"] == "Accept-Encoding"


async def test_shared_caches_may_keep_an_answer_as_long_as_the_setting_says(database: Path) -> None:
    for seconds, control in ((0, "no-cache"), (30, "public, max-age=0, s-maxage=30")):
        site = changed(database, default_cache_ttl=seconds)
        for address in (CLAIM, f"{CLAIM}?_ttl=9999", "/codex/claims.json?_ttl=9999", "/static/claimbase.css"):
            assert (await site.client.get(address)).headers["cache-control"] == control


async def test_only_an_address_with_the_version_of_its_file_is_good_for_ever(local_site: Datasette) -> None:
    site = local_site
    html = (await site.client.get("/")).text + (await site.client.get("/-/allow-debug")).text
    [style] = set(re.findall(r'href="(/static/claimbase\.css\?[0-9a-f]{12})"', html))
    [library_style] = re.findall(r'href="(/-/static/app\.css\?[0-9a-f]+)"', html)
    for address in (style, library_style):
        assert (await site.client.get(address)).headers["cache-control"] == "public, max-age=31536000, immutable"
    for address in ("/static/claimbase.css", f"{style}0", "/static/claimbase.css?000000000000", "/-/static/app.css"):
        assert "max-age=3" not in (await site.client.get(address)).headers["cache-control"]


async def test_an_answer_that_was_made_is_not_made_again(database: Path, listener: Listener) -> None:
    site = open_site(database)
    first = await site.client.get("/codex/claims")
    listener.statements.clear()
    again = await site.client.get("/codex/claims")
    assert (again.content, listener.statements) == (first.content, [])
    assert dict(again.headers) == dict(first.headers)


@pytest.mark.parametrize("address", ["/", "/codex/claims", "/codex/search?q=nap", CLAIM])
async def test_what_several_ask_for_at_once_is_made_once(database: Path, listener: Listener, address: str) -> None:
    await open_site(database).client.get(address)
    alone = list(listener.statements)
    listener.statements.clear()
    site = open_site(database)
    answers = await asyncio.gather(*(site.client.get(address) for _ in range(4)))
    assert len({answer.content for answer in answers}) == 1
    assert sorted(listener.statements) == sorted(alone)


async def test_what_cannot_be_kept_is_made_for_each_at_the_same_time(database: Path) -> None:
    site = open_site(database)
    answers = await asyncio.gather(*(site.client.get("/codex/claims/nobody-wrote-this") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_what_is_read_once_for_a_build_may_take_longer_than_what_readers_ask(database: Path) -> None:
    site = open_site(database)
    await site.client.get("/codex")
    site._settings["sql_time_limit_ms"] = -1
    for address, status in (("/", 200), ("/map", 200), ("/health", 200), ("/search?q=nap", 400)):
        assert (await site.client.get(address)).status_code == status, address


async def test_the_home_page_is_counted_once_even_for_those_whose_pages_are_not_kept(
    database: Path, listener: Listener
) -> None:
    site, known = open_site(database), {"cookie": "a=b"}
    first = await site.client.get("/", headers=known)
    listener.statements.clear()
    again = await site.client.get("/", headers=known)
    assert (again.text, listener.statements) == (first.text, [])


async def test_a_list_that_lacks_facets_for_want_of_time_has_no_tag(database: Path) -> None:
    site = changed(database, facet_time_limit_ms=-1)
    answer = await site.client.get("/codex/claims")
    assert "It took too long to count" in answer.text
    assert "etag" not in answer.headers
    assert await tag(site, "/codex/claims?_nofacet=1") != ""


def test_answers_make_room_by_dropping_those_not_asked_for() -> None:
    answers = Answers(room=10)
    for name in ("a", "b"):
        answers.keep(name, Answer([], b"12345"))
    assert answers.get("a")
    answers.keep("c", Answer([], b"12345"))
    assert [name for name in "abc" if answers.get(name)] == ["a", "c"]
    answers.keep("d", Answer([], b"12345678901"))
    assert [name for name in "abcd" if answers.get(name)] == []


async def passed(status: int, headers: list[tuple[bytes, bytes]], *bodies: bytes) -> tuple[list[Message], list[Answer]]:
    """What an answer becomes on its way, and what of it is kept."""
    sent: list[Message] = []
    kept: list[Answer] = []

    async def send(message: Message) -> None:
        sent.append(message)

    tagging = Tagging(send, [(b"etag", b'W/"x"')], [], kept.append)
    await tagging({"type": "http.response.start", "status": status, "headers": headers})
    for number, body in enumerate(bodies, 1):
        await tagging({"type": "http.response.body", "body": body, "more_body": number < len(bodies)})
    return sent, kept


@pytest.mark.parametrize(
    "header", [(b"Set-Cookie", b"a=b"), (b"Cache-Control", b"private, no-store"), (b"Vary", b"Cookie, Accept")]
)
async def test_an_answer_for_some_readers_has_no_tag_and_is_not_kept(header: tuple[bytes, bytes]) -> None:
    sent, kept = await passed(200, [header], b"for you")
    assert b"etag" not in dict(sent[0]["headers"])
    assert header in sent[0]["headers"]
    assert kept == []


async def test_an_answer_in_pieces_is_passed_on_as_it_comes_and_kept_whole() -> None:
    sent, [kept] = await passed(200, [], b"one ", b"two")
    assert [message.get("body") for message in sent] == [None, b"one ", b"two"]
    assert kept.body == b"one two"
    assert dict(kept.headers)[b"content-length"] == b"7"
    assert b"content-length" not in dict(sent[0]["headers"])


async def test_a_large_answer_is_not_kept() -> None:
    assert (await passed(200, [], b"x" * LARGEST_KEPT, b"x"))[1] == []


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("deflate,gzip ; q=1", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("notgzip", False),
    ],
)
def test_only_who_can_unpack_is_sent_packed_text(accepted: str, packed: bool) -> None:
    assert accepts_gzip(accepted) is packed


@pytest.mark.parametrize(
    "address",
    [
        *(CLAIM, "/codex/claims.json", "/codex/claims.csv", "/codex/links.csv?_stream=on", "/static/claimbase.css"),
        *("/-/static/table.js", "/codex?sql=select+1"),
    ],
)
async def test_text_is_packed_and_the_same_when_unpacked(site: Datasette, address: str) -> None:
    packed = await site.client.get(address, headers={"accept-encoding": "gzip"})
    plain = await site.client.get(address, headers=PLAIN)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert untimed(packed.text) == untimed(plain.text)
    raw = int(packed.headers.get("content-length", 0))
    assert raw < len(plain.content) / 2


def untimed(text: str) -> str:
    """A page without the milliseconds Datasette prints under it or among its data."""
    return re.sub(r'Queries took [\d.]+ms|"query_ms": [\d.]+', "", text)


@pytest.mark.parametrize("address", ["/codex.db", "/codex/agents.json?_shape=array"])
async def test_what_is_no_text_or_small_is_sent_as_it_is(site: Datasette, address: str) -> None:
    answer = await site.client.get(address, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


async def test_a_long_table_begins_to_arrive_before_its_last_row_is_read(sample_site: Datasette) -> None:
    await sample_site.client.get("/codex/agents")
    messages: list[Message] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/codex/documents.csv",
        "raw_path": b"/codex/documents.csv",
        "query_string": b"_stream=on&_size=5",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
    }

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    await sample_site.client.app(scope, receive, send)
    start, *bodies = messages
    assert dict(start["headers"])[b"content-encoding"] == b"gzip"
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    arrived = [len(unpacking.decompress(message["body"])) for message in bodies]
    assert sum(size > 0 for size in arrived) > 1
    assert bodies[-1].get("more_body", False) is False
