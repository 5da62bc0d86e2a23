"""Readers: whatever stands in a base or an address, nothing of it runs in a reader's browser or leads it astray."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog, Page

from benchmarks.attack import public
from build import PROJECT
from claimbase.pipeline import build_database
from tests.histories import Base

_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u202e)")
PAYLOADS = [
    _ESCAPE.sub(lambda found: chr(int(found[1][1:], 16)), line)
    for line in (PROJECT / "tests/payloads.txt").read_text(encoding="utf-8").splitlines()
]
ELSEWHERE = "elsewhere.example"
# Whatever a payload would do is told to the test: what it calls, what the policy stops, and where it would lead.
WATCH = """
window.told = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => window.told.push(name);
document.addEventListener("securitypolicyviolation", event => window.told.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`));
"""
LOOK = r"""() => {
  const wrong = [...window.told];
  for (const one of document.querySelectorAll("*")) {
    for (const {name, value} of one.attributes) {
      if (/^on/i.test(name) || name === "srcdoc") wrong.push(`${one.tagName} ${name}=${value}`);
      if (!/^(xlink:)?(href|src|action|formaction|poster|data|srcset|ping|cite|background)$/i.test(name)) continue;
      const leads = new URL(value, document.baseURI);
      const out = one.tagName === "A" && /^https?:\/\//.test(value) || leads.origin === location.origin;
      if (!out || /[\u0000-\u001f]/.test(value) || /^[\/\\]{2}/.test(value.trim()))
        wrong.push(`${one.tagName} ${name}=${value}`);
    }
  }
  const own = new Set(["claimbase.js", "map.js", "editor.js", "graphiql.js"]);
  for (const one of document.querySelectorAll("script, iframe, object, embed, base, meta[http-equiv], link, style"))
    if (one.tagName !== "SCRIPT" && one.tagName !== "LINK" ||
        one.textContent.trim() && !/json/.test(one.type)) wrong.push(one.outerHTML.slice(0, 200));
  return wrong;
}"""


def page_of(number: int) -> str:
    """A claim with a payload in each field, and ten in its body."""
    told = [PAYLOADS[(number + step) % len(PAYLOADS)] for step in range(12)]
    front = {
        "type": "claim",
        "title": told[0],
        "description": told[1],
        "source": told[2],
        "domain": told[3],
        "confidence": "likely" if number % 2 else told[4],
        "agent": told[5],
        "scope": told[6],
        "sourcer": told[7],
        "tags": [told[8], told[9]],
        "status": told[10],
        "created": "2026-01-01" if number % 2 else told[11],
        "depends_on": [told[4]],
        "supports": [f"claim-{(number + 1) % len(PAYLOADS)}"],
        "challenged_by": [told[5]],
        "url": told[6],
        "attribution": {"sourcer": [{"handle": told[7], "context": told[8]}]},
    }
    rows = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    body = "\n\n".join(
        [
            f"# {told[0]}",
            *told[:8],
            f"A note.[^1] And [[claim-{(number + 2) % len(PAYLOADS)}|{told[9]}]].",
            f"[{told[1]}]({told[2]}), ![]({told[3]})",
            f"[^1]: {told[10]}",
            f"> [!warning] {told[11]}\n> {told[0]}",
            f"| {told[1]} | b |\n|---|---|\n| {told[2]} | {told[3]} |",
            "### Additional Evidence (confirm)\n"
            f"*Source: [[source-{number % 5}]] | Added: {told[4]} | Extractor: {told[5]}*\n\n{told[6]}",
            f"Relevant Notes:\n- [[claim-{(number + 3) % len(PAYLOADS)}]] -- {told[7]}\n- [[{told[8]}]] — {told[9]}",
        ]
    )
    return f"---\n{rows}---\n\n{body}\n"


def source_of(number: int) -> str:
    told = [PAYLOADS[(number * 30 + step) % len(PAYLOADS)] for step in range(8)]
    front = dict(zip(("title", "author", "url", "format", "status", "domain", "priority", "notes"), told, strict=True))
    rows = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\ntype: source\n{rows}---\n\n" + "\n\n".join(told)


def entity_of(number: int) -> str:
    told = [PAYLOADS[(number * 30 + 15 + step) % len(PAYLOADS)] for step in range(8)]
    keys = ("name", "entity_type", "website", "category", "summary", "parent", "status", "founded")
    rows = "".join(f"{key}: {json.dumps(value)}\n" for key, value in zip(keys, told, strict=True))
    return f"---\ntype: entity\n{rows}---\n\n" + "\n\n".join(told)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose base does what harm it can, in every field, file name and commit."""
    folder = tmp_path_factory.mktemp("hostile")
    base = Base(folder / "kb")
    files = {f"domains/a/claim-{number}.md": page_of(number) for number in range(len(PAYLOADS))}
    files |= {f"inbox/archive/source-{number}.md": source_of(number) for number in range(5)}
    files |= {f"entities/a/entity-{number}.md": entity_of(number) for number in range(5)}
    files |= {
        f"domains/b/{name}.md": f"---\nconfidence: likely\n---\n\nText of {number}.\n"
        for number, payload in enumerate(PAYLOADS)
        if (name := re.sub(r"[/\x00]", "", payload)[:120].strip()) and not name.startswith(".")
    }
    files["agents/mara/beliefs.md"] = "# Beliefs\n\n" + "\n\n".join(
        f"### {number}. {payload}\n\n{payload}" for number, payload in enumerate(PAYLOADS[:40], 1)
    )
    base.commit(dict(files), "\n\n".join(PAYLOADS).replace("\x00", ""), author="<script>alert(1)</script>")
    for number, payload in enumerate(PAYLOADS[:60]):
        changed = page_of(number).replace('"likely"', json.dumps(payload))
        base.commit(
            {f"domains/a/claim-{number}.md": changed},
            f"{payload}\n\nPentagon-Agent: {payload} <{payload}>".replace("\x00", ""),
            author=re.sub(r"[<>\n\x00]", "", payload) or "a",
        )
    base.commit({"domains/a/claim-9.md": None}, PAYLOADS[1])
    build_database(base.root, folder / "codex.db", repository="https://example.org/blob/{path}")
    return folder / "codex.db"


@pytest.fixture(scope="module")
def address(hostile: Path) -> Iterator[str]:
    """Where it is served, as everyone is."""
    with public(hostile) as site:
        yield f"http://127.0.0.1:{site.port}"


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Page]:
    """A page that asks nobody but the site, answers no dialog, and logs no error but that a page is not there."""
    context = browser.new_context(base_url=address)
    context.add_init_script(WATCH)
    opened = context.new_page()
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    opened.on("dialog", refuse)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))
    opened.on("popup", lambda popup: said.append(popup.url))
    opened.on(
        "console",
        lambda message: (
            said.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield opened
    context.close()
    assert said == []


@pytest.fixture(scope="module")
def pages(hostile: Path) -> list[str]:
    """A page of every kind, and some that show every payload."""
    with closing(sqlite3.connect(hostile)) as connection:

        def ids(table: str, most: int) -> list[str]:
            return [
                f"/codex/{table}/{quote(row[0])}"
                for row in connection.execute(f"select id from {table} order by length(id), id limit {most}")
            ]

        rows = [
            path for table in ("sources", "entities", "domains", "agents", "contributors") for path in ids(table, 3)
        ]
        rows += ids("claims", 10**6)[::12] + ids("documents", 10**6)[::60] + ids("beliefs", 2)
        views = [row[0] for row in connection.execute("select name from sqlite_master where type in ('table', 'view')")]
    lists = [f"/codex/{name}?_size=200" for name in views if "_fts" not in name and not name.startswith("sqlite_")]
    return [
        *(
            "/",
            "/health",
            "/map",
            "/changes",
            "/data",
            "/codex",
            "/search?q=alert",
            "/codex/claims?_size=max",
            "/graphql",
        ),
        *("/codex/claims/claim-9", "/codex/support_chain?claim=claim-3", "/codex/problems?_size=max"),
        *rows,
        *lists,
    ]


def faults(page: Page, path: str) -> list[str]:
    """What of an address runs, would run, or leads where it should not."""
    page.goto(path, wait_until="load")
    return [f"{path}: {fault}" for fault in page.evaluate(LOOK)]


def test_there_are_many_payloads() -> None:
    assert len(set(PAYLOADS)) > 150


def test_nothing_of_a_base_runs_on_any_page(reader: Page, pages: list[str]) -> None:
    found = [fault for path in pages for fault in faults(reader, path)]
    assert [fault for fault in found if not fault.startswith("/graphql: ")] == []
    # GraphiQL is a library's, with styles of its own; what stands in the base is not on its page.
    assert [fault for fault in found if "alert" in fault or ELSEWHERE in fault] == []


FORMS = (
    *("/search?q={}", "/codex/claims?_search={}", "/codex/claims?domain={}", "/codex?sql=select+:a&a={}"),
    *("/codex/claims?_sort={}", "/codex/claims?{}=1", "/changes?agent={}", "/map?focus={}", "/codex/{}", "/{}"),
    *("/codex/claims/{}", "/codex?sql={}", "/codex/claims?_where={}", "/codex/claims?_next={}", "/changes?field={}"),
    *("/codex/support_chain?claim={}", "/codex/claims?title__contains={}", "/codex/claims?_facet={}", "/document/{}"),
)


def test_nothing_of_an_address_runs(reader: Page) -> None:
    found = [
        fault
        for number, payload in enumerate(PAYLOADS)
        for form in (FORMS[number % len(FORMS)], FORMS[(number * 7 + 3) % len(FORMS)])[: 1 + (number % 4 == 0)]
        for fault in faults(reader, form.format(quote(payload, safe="")))
    ]
    assert found == []


def fetch(address: str, path: str) -> tuple[http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200, path
    body = answer.read()
    connection.close()
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.headers, body


@pytest.mark.parametrize("path", ["/changes.atom", "/sitemap.xml", "/sitemap-1.xml"])
def test_feeds_and_maps_are_well_formed_and_lead_nowhere_else(address: str, path: str) -> None:
    headers, body = fetch(address, path)
    assert "xml" in headers["content-type"]
    root = ET.fromstring(body)  # noqa: S314 - our own
    for one in root.iter():
        for leads in (one.get("href"), one.text if one.tag.endswith(("}loc", "}uri")) else None):
            assert leads is None or leads.startswith((address, "https://example.org/")), leads


@pytest.mark.parametrize(
    "path", ["/codex/claims.json?_size=max", "/codex/links.json?_size=max&_shape=array", "/map.json", "/codex.json"]
)
def test_json_is_json(address: str, path: str) -> None:
    headers, body = fetch(address, path)
    assert headers["content-type"].startswith("application/json")
    assert json.loads(body)


@pytest.mark.parametrize("path", ["/codex/claims.csv?_size=max", "/codex/problems.csv?_stream=on"])
def test_csv_is_csv(address: str, path: str) -> None:
    headers, body = fetch(address, path)
    assert headers["content-type"].startswith("text/plain")
    rows = list(csv.reader(io.StringIO(body.decode().replace("\x00", ""), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_previews_hold_nothing_that_runs(address: str) -> None:
    for number in range(0, len(PAYLOADS), 20):
        _, body = fetch(address, f"/preview/claim-{number or 1}")
        assert not re.search(rb"<(script|img|iframe|svg|style|object|embed|base|meta|link)\b", body), body


def test_robots_are_told_in_plain_text(address: str) -> None:
    headers, body = fetch(address, "/robots.txt")
    assert headers["content-type"].startswith("text/plain")
    assert b"<" not in body


def test_what_gets_into_a_page_all_the_same_does_not_run(browser: Browser, hostile: Path, tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    for path in (PROJECT / "plugins").iterdir():
        (plugins / path.name).symlink_to(path)
    (plugins / "a_hole.py").write_text(
        "from datasette import Response, hookimpl\n"
        'HOLE = \'<title>x</title><p onclick="a">x<script>document.title = "ran"</script>\'\n'
        'HOLE += \'<script src="//elsewhere.example/x.js"></script><img src=x onerror="document.title = 1">\'\n'
        "HOLE += '<base href=//elsewhere.example><iframe src=/ ></iframe><style>p { color: red }</style>'\n"
        "@hookimpl\n"
        "def register_routes():\n"
        "    return [('^/hole$', lambda: Response.html(HOLE))]\n",
        encoding="utf-8",
    )
    with public(hostile, "--plugins-dir", str(plugins)) as site:
        page = browser.new_page()
        page.add_init_script(WATCH)
        asked: list[str] = []
        page.on("requestfinished", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{site.port}/hole")
        assert page.title() == "x"
        assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(0, 0, 0)"
        told = " ".join(page.evaluate("window.told"))
        assert all(
            kind in told for kind in ("script-src-elem", "script-src-attr", "base-uri", "frame-src", "style-src")
        )
        assert [url for url in asked if ELSEWHERE in url] == []
        page.close()
