"""Feeds: what an independent reader of XML, and the rules of Atom, make of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from datasette.app import Datasette

from plugins.feeds import MOST, entry_id, whole_commits

ATOM = "{http://www.w3.org/2005/Atom}"
NAPS = "naps-restore-attention-within-twenty-minutes"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


async def read(site: Datasette, address: str) -> ElementTree.Element:
    response = await site.client.get(address)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.text)  # noqa: S314 - our own


def text(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None
    return found.text or ""


def entries(feed: ElementTree.Element) -> list[ElementTree.Element]:
    return feed.findall(f"{ATOM}entry")


@pytest.mark.parametrize(
    "query", ["", "?domain=sleep", "?field=confidence", f"?claim={NAPS}", "?agent=mara", "?domain=nowhere"]
)
async def test_a_feed_has_all_that_atom_asks_for(past: Datasette, query: str) -> None:
    feed = await read(past, f"/changes.atom{query}")
    assert feed.tag == f"{ATOM}feed"
    assert text(feed, "id") == f"http://localhost/changes.atom{query}"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": f"http://localhost/changes.atom{query}",
        "alternate": f"http://localhost/changes{query}",
    }
    assert text(feed, "title")
    for entry in entries(feed):
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", text(entry, "id"))
        assert MOMENT.fullmatch(text(entry, "updated"))
        assert text(entry, "title").strip()
        [author] = entry.findall(f"{ATOM}author")
        assert text(author, "name")
        [link] = entry.findall(f"{ATOM}link")
        assert (await past.client.get((link.get("href") or "").removeprefix("http://localhost"))).status_code == 200
        assert text(entry, "content")
    moments = [text(entry, "updated") for entry in entries(feed)]
    assert moments == sorted(moments, reverse=True)
    assert text(feed, "updated") == (moments[0] if moments else "1970-01-01T00:00:00Z")


@pytest.mark.parametrize("query", ["", "?field=confidence", "?domain=nowhere"])
async def test_a_reader_of_feeds_finds_nothing_wrong(past: Datasette, query: str) -> None:
    address = f"/changes.atom{query}"
    read_by_others = feedparser.parse((await past.client.get(address)).content)
    own = entries(await read(past, address))
    assert (read_by_others.version, read_by_others.bozo) == ("atom10", False)
    assert [entry.title for entry in read_by_others.entries] == [text(entry, "title").strip() for entry in own]


async def test_entries_keep_their_ids_whatever_address_they_are_asked_at(past: Datasette) -> None:
    one = await past.client.get("/changes.atom", headers={"host": "a.example"})
    other = await past.client.get("/changes.atom", headers={"host": "b.example"})
    ids = [re.findall("<id>(urn:[^<]+)</id>", response.text) for response in (one, other)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) > 0
    assert "http://a.example/changes.atom" in one.text
    assert "localhost" not in one.text


async def test_confidence_that_moved_is_a_feed_of_its_own(past: Datasette) -> None:
    titles = [text(entry, "title") for entry in entries(await read(past, "/changes.atom?field=confidence"))]
    assert titles == [
        "</title><script>alert(1)</script>: likely → </q><script>alert(2)</script>",
        "Naps restore attention within twenty minutes: proven → likely",
        "Naps restore attention within twenty minutes: likely → proven",
    ]


async def test_who_did_it_is_the_agent_where_the_commit_names_one(past: Datasette) -> None:
    feed = await read(past, f"/changes.atom?claim={NAPS}")
    names = [author.findtext(f"{ATOM}name") for author in feed.iter(f"{ATOM}author")]
    assert names == ["Mara", "Mara", "Ada"]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]


async def test_what_stands_in_an_entry_is_text_and_links_that_hold_anywhere(past: Datasette) -> None:
    for entry in entries(await read(past, "/changes.atom")):
        content = Tags(text(entry, "content"))
        assert content.tags <= {"p", "ul", "li", "a", "span", "q", "code"}
        assert all(href.startswith("http://localhost/codex/claims/") for href in content.hrefs)


async def test_a_base_without_history_has_an_empty_feed(site: Datasette) -> None:
    assert entries(await read(site, "/changes.atom")) == []


def changes(*commits: str) -> list[dict[str, Any]]:
    return [{"by_commit": commit, "path": str(number)} for number, commit in enumerate(commits)]


def test_a_commit_that_may_go_on_is_left_out_unless_it_is_the_only_one() -> None:
    full = changes(*"a" * 60, *"b" * (MOST - 60), "b")
    assert [made.first["by_commit"] for made in whole_commits(full)] == ["a"]
    assert [made.first["by_commit"] for made in whole_commits(full[:MOST])] == ["a", "b"]
    assert [len(made.claims) for made in whole_commits(changes(*"a" * (MOST + 1)))] == [MOST]


def test_an_entry_of_another_feed_has_another_id() -> None:
    [made] = whole_commits(changes("a"))
    assert entry_id(made, "") != entry_id(made, "domain=sleep")
    assert entry_id(made, "") == "urn:uuid:39ec58d6-74e8-5666-96ab-3d189ada97ea"
