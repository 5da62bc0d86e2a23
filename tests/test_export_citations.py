"""BibTeX and CSL-JSON: pybtex and citeproc read the sources that the table holds."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from claimbase.bibtex import as_it_is, entry, tex
from claimbase.exports.bibtex import bibtex
from claimbase.exports.csl_json import csl_json
from tests.nasty import NASTY, on_one_line

_LETTERS = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
_PRINTED = re.compile(rf"\\(?:text({'|'.join(_LETTERS)})\{{\}}|([$&#_%]))")


def read_bibtex(connection: sqlite3.Connection) -> Any:
    return parse_string("".join(bibtex(connection)), "bibtex").entries


def read_csl(connection: sqlite3.Connection) -> Any:
    return {item["id"]: item for item in json.loads("".join(csl_json(connection)))}


def printed(value: str) -> str:
    """What TeX prints for a value."""
    return _PRINTED.sub(lambda found: _LETTERS[found[1]] if found[1] else found[2], value)


def taken(text: str) -> str:
    """What TeX takes of a text: of control characters and white space no more than that there is some."""
    return on_one_line(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text))


def test_an_entry_of_bibtex_is_a_source(rows: sqlite3.Connection) -> None:
    entries = read_bibtex(rows)
    assert list(entries) == [row["id"] for row in rows.execute("select id from sources order by id")]
    okafor = entries["2026-02-10-okafor-twenty-minute-naps"]
    source = rows.execute("select * from sources where id = '2026-02-10-okafor-twenty-minute-naps'").fetchone()
    assert okafor.type == "misc"
    assert okafor.fields["title"] == f"{{{source['title']}}}"
    assert [" ".join(person.last_names) for person in okafor.persons["author"]] == [f"{{{source['author']}}}"]
    assert (okafor.fields["year"], okafor.fields["month"]) == ("2026", "2")
    assert (okafor.fields["eprint"], okafor.fields["archiveprefix"]) == ("2602.01234", "arXiv")
    assert okafor.fields["url"] == "https://arxiv.org/abs/2602.01234v2"


def test_nasty_texts_print_as_they_are(nasty: sqlite3.Connection) -> None:
    entries = read_bibtex(nasty)
    assert len(entries) == len(NASTY)
    for name, text in NASTY.items():
        found = entries[f"source-{name}"]
        assert printed(found.fields["title"]) == f"{{{taken(text)}}}", name
        assert printed(found.fields["note"]) == taken(text), name
        [author] = found.persons["author"]
        assert printed(str(author)) == f"{{{taken(text)}}}", name


@given(st.text(), st.text())
def test_any_text_is_one_value_of_one_entry(title: str, note: str) -> None:
    text = entry("key", {"title": as_it_is(title), "note": tex(note)}) + "\n" + entry("next", {"title": "{Next}"})
    entries = parse_string(text, "bibtex").entries
    assert list(entries) == ["key", "next"]
    assert printed(entries["key"].fields.get("title", "{}")) == f"{{{taken(title)}}}"
    assert printed(entries["key"].fields.get("note", "")) == taken(note)


def test_an_item_of_csl_json_is_a_source(rows: sqlite3.Connection) -> None:
    items = read_csl(rows)
    assert list(items) == [row["id"] for row in rows.execute("select id from sources order by id")]
    assert items["2026-02-10-okafor-twenty-minute-naps"] == {
        "id": "2026-02-10-okafor-twenty-minute-naps",
        "type": "article-journal",
        "title": "Twenty minute naps on the ward",
        "author": [{"literal": "Okafor et al."}],
        "issued": {"date-parts": [[2026, 2, 10]]},
        "URL": "https://arxiv.org/abs/2602.01234v2",
        "number": "arXiv:2602.01234",
        "keyword": "sleep",
    }


def test_items_are_of_the_types_of_citation_styles(rows: sqlite3.Connection) -> None:
    assert {id_: item["type"] for id_, item in read_csl(rows).items()} == {
        "2024-letters-from-a-toll-keeper": "document",
        "2024-steel-handbook-chapter-nine": "book",
        "2025-11-30-lindqvist-vaccines-after-short-nights": "document",
        "2026-02-10-okafor-twenty-minute-naps": "article-journal",
        "2026-03-01-night-shift-diary": "document",
    }


def test_a_citation_style_makes_a_bibliography_of_them(rows: sqlite3.Connection) -> None:
    sources = CiteProcJSON(list(read_csl(rows).values()))
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), sources, formatter.plain
    )
    for key in sources:
        bibliography.register(Citation([CitationItem(key)]))
    lines = [str(line) for line in bibliography.bibliography()]
    [okafor] = [line for line in lines if "Okafor et al." in line]
    assert "2026" in okafor
    assert "Twenty minute naps on the ward" in okafor
    assert len(lines) == len(sources)


def test_nasty_texts_come_back_in_csl_json_as_they_are(nasty: sqlite3.Connection) -> None:
    items = read_csl(nasty)
    for name, text in NASTY.items():
        item = items[f"source-{name}"]
        assert (item["title"], item["author"], item["note"]) == (text, [{"literal": text}], text)
