"""Bodies as HTML: Markdown with its wiki links resolved as the database resolved them, and nothing that can run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote

import nh3
from datasette import hookimpl
from jinja2 import Environment
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.footnote import footnote_plugin

from claimbase.addresses import page_of
from claimbase.cite import cite, linked_data
from claimbase.inline import wiki_parts
from claimbase.neighbourhood import draw
from claimbase.plot import columns, shares
from claimbase.repository import file_at
from claimbase.sketch import sketch
from claimbase.slugs import slugify
from claimbase.timeline import by_commit, by_day
from claimbase.vocabulary import CHANGE_KINDS, HISTORIES

# Markdown tables cost more than their length; past this a body is shown as plain text.
LONGEST_BODY = 200_000
# So does each bracket that may begin a link, of which a long text has a hundred, and each line of a quotation
# in quotations, of which there may be fewer levels than these.
MOST_BRACKETS = 5_000
_DEEP = re.compile(r"^(?:[ \t]*>){20}", re.MULTILINE)
# HTML is kept for bodies up to this length, of so many: a few megabytes as bodies are, and tens at the very most.
LONGEST_KEPT, MOST_KEPT = 50_000, 300

_ATTRIBUTES = {
    "a": {"href", "title", "class", "id", "rel"},
    "li": {"id", "class"},
    "ol": {"class", "start"},
    "span": {"class", "title"},
    "code": {"class"},
    "blockquote": {"class"},
}
_ATTRIBUTES |= {"div": {"class", "tabindex", "role", "aria-label"}}
_ATTRIBUTES |= {f"h{level}": {"id"} for level in range(2, 7)}
# From so many headings on, a body has a table of contents.
FEWEST_HEADINGS = 4
# So many letters before what is quoted from a passage, and twice as many from there on.
WORDS_AROUND = 120
# What a link out of the base says of itself: search engines need not take it for a recommendation.
ELSEWHERE = "noopener nofollow"
_ADDRESS = re.compile("https?://")
_CALLOUT = re.compile(r"\[!([A-Za-z]{1,20})\][+-]?[ \t]*(.*)")
_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
}
_TAGS |= {"s", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}


class Target(NamedTuple):
    """Where a label of the body leads, as far as its HTML shows it."""

    label: str
    state: str
    to_document: str | None
    to_kind: str | None
    to_title: str | None


Targets: TypeAlias = Mapping[str, Target]


class Heading(NamedTuple):
    """A heading of a body: how deep it is, the id it has on the page, and its words."""

    level: int
    id: str
    text: str


class Text(NamedTuple):
    """A body as safe HTML, and its headings for a table of contents; none where there are too few to need one."""

    html: Markup
    contents: tuple[Heading, ...]


def set_out(body: str, links: Iterable[Mapping[str, Any]], title: str = "") -> Text:
    """A body as it is read, without the first heading where it only repeats the page's title.

    `links` are the rows of the body's links: label, state, to_document, to_kind and to_title. Labels that lead
    nowhere become visibly dead text, never an anchor.
    """
    body = _without_title(body, title)
    if len(body) > LONGEST_BODY or body.count("[") > MOST_BRACKETS or _DEEP.search(body):
        return Text(Markup("<pre>{}</pre>").format(body), ())
    targets = tuple(Target(*(link[name] for name in Target._fields)) for link in links)
    return (_kept_text if len(body) <= LONGEST_KEPT else _text)(body, targets)


def render(body: str, links: Iterable[Mapping[str, Any]], title: str = "") -> Markup:
    """A body as safe HTML, as `set_out` makes it."""
    return set_out(body, links, title).html


def _words(inline: Token) -> str:
    """The text of a heading without its marks; a wiki link shows what it is called."""
    parts = [child.meta.get("shown", child.content) for child in inline.children or []]
    return " ".join("".join(parts).split())


def _without_title(body: str, title: str) -> str:
    heading, _, rest = body.partition("\n")
    return rest if title and heading.startswith("# ") and slugify(heading) == slugify(title) else body


def _text(body: str, targets: tuple[Target, ...]) -> Text:
    environment: dict[str, Any] = {"targets": {target.label: target for target in targets}}
    tokens = _MARKDOWN.parse(body, environment)
    html = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return Text(Markup(html), _contents(tokens))  # noqa: S704 - nh3 has just cleaned it


_kept_text = lru_cache(MOST_KEPT)(_text)


def _contents(tokens: list[Token]) -> tuple[Heading, ...]:
    pairs = [(token, tokens[place + 1]) for place, token in enumerate(tokens) if token.type == "heading_open"]
    found = tuple(Heading(int(token.tag[1]), str(token.attrGet("id")), _words(inline)) for token, inline in pairs)
    return found if len(found) >= FEWEST_HEADINGS else ()


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """The inline rule for `[[label]]`, `[[label|shown]]` and `![[label]]`; code spans never reach it."""
    start = state.pos + state.src.startswith("!", state.pos)
    if not state.src.startswith("[[", start):
        return False
    end = state.src.find("]]", start)
    inner = state.src[start + 2 : end]
    if end < 0 or not inner.strip() or "\n" in inner or "[" in inner:
        return False
    if not silent:
        label, display = wiki_parts(inner)
        token = state.push("html_inline", "", 0)
        link = state.env["targets"].get(label)
        shown = display or _told(label, link)
        token.content = _anchor(shown, link, label.partition("#")[2])
        token.meta["shown"] = shown
    state.pos = end + 2
    return True


def _told(label: str, link: Target | None) -> str:
    """What a link shows that says nothing else: its label, or the title of what it leads to for a mere file name."""
    name, _, heading = label.partition("#")
    is_prose = " " in name and "/" not in name and not name.endswith(".md")
    shown = name if is_prose or link is None or not link.to_title else link.to_title
    return f"{shown} § {heading}" if heading else shown


def _anchor(shown: str, link: Target | None, heading: str) -> Markup:
    if link is None or not link.to_document:
        return Markup('<span class="dead" title="nothing in the base is called this">{}</span>').format(shown)
    href = page_of(link.to_kind or "", link.to_document) + (f"#{_heading_id(heading)}" if heading else "")
    kind = "ambiguous" if link.state == "ambiguous" else "resolved"
    title = f"{link.to_title} (one of several that fit)" if kind == "ambiguous" else link.to_title
    more = Markup(' title="{}"').format(title) if title != shown else ""
    return Markup('<a class="{}" href="{}"{}>{}</a>').format(kind, href, more, shown)


def _heading_id(heading: str) -> str:
    return f"in-{slugify(heading)[:60]}"


def _name_headings(tokens: list[Token]) -> None:
    """Gives each heading an id of its own; the page's title is the only one of the first rank."""
    taken: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        if token.type == "heading_open":
            slug = _heading_id(tokens[place + 1].content)
            taken[slug] = taken.get(slug, 0) + 1
            token.attrSet("id", slug if taken[slug] == 1 else f"{slug}--{taken[slug]}")


def _keep_notes(notes: dict[str, Any]) -> None:
    """Has the footnotes that nothing refers to stand behind the others, where they would not stand at all."""
    listed = notes.setdefault("list", {})
    for label, number in notes.get("refs", {}).items():
        if number < 0:
            notes["refs"][label] = len(listed)
            listed[len(listed)] = {"label": label.removeprefix(":"), "count": 0}


def _mark_callouts(tokens: list[Token]) -> None:
    """Makes a quotation that opens with `[!note] Title` a callout: its kind is its class, and a bold first line."""
    for place, token in enumerate(tokens[:-2]):
        inline = tokens[place + 2]
        found = _CALLOUT.match(inline.content) if token.type == "blockquote_open" and inline.type == "inline" else None
        if found:
            token.attrSet("class", f"callout {found[1].lower()}")
            shown = found[2].strip() or found[1].capitalize()
            rest = inline.content[found.end() :].removeprefix("\n")
            inline.content = f"**{shown}**\\\n{rest}" if rest else f"**{shown}**"


def _resolve_paths(tokens: list[Token], targets: Targets) -> None:
    """Points Markdown links to files of the base at the pages of those files; one whose file is missing is no link."""
    tags: list[str] = []
    for token in tokens:
        _resolve_paths(token.children or [], targets)
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            link = targets.get(unquote(address.partition("#")[0]))
            if link and link.to_document:
                token.attrSet("href", page_of(link.to_kind or "", link.to_document))
            elif link or address.startswith("//"):  # which looks like a path of the site and leads to another host
                token.tag, token.attrs = "span", {"class": "dead", "title": "nothing in the base is called this"}
            else:
                token.attrSet("rel", ELSEWHERE)
            tags.append(token.tag)
        elif token.type == "link_close" and tags:
            token.tag = tags.pop()


def _image(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """An image as a link to it: no page asks another host for anything."""
    shown, source = tokens[place].content or "image", str(tokens[place].attrGet("src") or "")
    return (
        Markup('<a href="{}" rel="{}">{}</a>').format(source, ELSEWHERE, shown)
        if _ADDRESS.match(source)
        else escape(shown)
    )


def _table(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """A table in a frame that can be moved by keyboard where the table is wider."""
    is_start = tokens[place].nesting == 1
    return '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>' if is_start else "</table></div>"


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.core.ruler.after("block", "callouts", lambda state: _mark_callouts(state.tokens))
    parser.core.ruler.before("footnote_tail", "notes", lambda state: _keep_notes(state.env.get("footnotes", {})))
    parser.core.ruler.push("headings", lambda state: _name_headings(state.tokens))
    parser.core.ruler.push("paths", lambda state: _resolve_paths(state.tokens, state.env["targets"]))
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", _table)
    return parser


_MARKDOWN = _markdown()


def shown_url(url: str | None) -> Markup:
    """An address as a link where it is one that a browser may safely follow, else as text."""
    if url and url.startswith(("https://", "http://")):
        return Markup('<a href="{0}" rel="{1}">{0}</a>').format(url, ELSEWHERE)
    return escape(url or "")


_MARKS = re.compile(r"\[\[(?:[^\[\]\n|]*\|)?([^\[\]\n|]*)\]\]|[*`]+|^\s*(?:[#>]+|[-+]|\d+\.)\s+")


def plain(text: str | None) -> str:
    """A line of Markdown without its marks."""
    return _MARKS.sub(r"\1", text or "")


def around(passage: str | None, label: str) -> str:
    """The words that stand around a label, as far as its line goes, without the marks of Markdown."""
    at = passage.find(label) if passage else -1
    if not passage or at < 0:
        return ""
    begin = passage.rfind("\n", 0, at) + 1
    line = passage[begin:].partition("\n")[0]
    text, place = plain(line), len(plain(line[: at - begin]))
    start = text.find(" ", place - WORDS_AROUND) + 1 if place > WORDS_AROUND else 0
    end = text.rfind(" ", start, place + 2 * WORDS_AROUND) if len(text) > place + 2 * WORDS_AROUND else len(text)
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.filters["prose"] = render
    env.filters["url"] = shown_url
    env.filters["set_out"] = set_out
    env.filters["at"] = file_at
    env.filters["around"] = around
    env.filters["plain"] = plain
    env.globals["page_of"] = page_of
    env.globals |= {"by_commit": by_commit, "by_day": by_day, "change_kinds": CHANGE_KINDS, "histories": HISTORIES}
    env.globals |= {"cite": cite, "linked_data": linked_data, "draw": draw, "shares": shares, "columns": columns}
    env.globals["sketch"] = sketch
