"""Parse: a file's bytes become front matter and body; whatever cannot be read is said, and nothing is lost."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from frontmatter.default_handlers import YAMLHandler

from claimbase.prose import first_heading, lines
from claimbase.read_yaml import LONGEST, Broken, Mapping, Refused, merge, read_mapping
from claimbase.records import Fields, File, Page, Problem, Value
from claimbase.slugs import slugify
from claimbase.vocabulary import BODY_FIELDS

_HANDLER = YAMLHandler(fm_boundary=re.compile(r"^(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE))
_OPENS = re.compile(r"-{3,}[ \t]*\n")
_KEY = re.compile(r"[\"']?\w[\w-]*[\"']?[ \t]*:(?=\s|$)")
_CONTINUES = re.compile(r"[ \t]|-(?=\s|$)|#|[\]}]|$")
_LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)
_BODY_FIELD = re.compile(r"\*\*([A-Z][A-Za-z ]*?)(?::\*\*|\*\*:)[ \t]*(\S.*?)[ \t]*$")


class _Parts(NamedTuple):
    """A text cut in two: its front matter as values, its body and the line of the file the body starts on."""

    reading: str
    fields: Fields
    lines: dict[str, int]
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


def parse(file: File) -> Page:
    """The page a file holds. Never raises: every fault is a problem of the page."""
    if file.fault:
        fault = Problem(file.path, None, "unreadable-file", f"cannot be read: {file.fault}")
        return Page(file.path, 0, "", "unreadable", {}, {}, "", 1, None, (fault,))
    text, faults = _decode(file)
    parts = _take_apart(file.path, text)
    return Page(
        file.path,
        len(file.data),
        hashlib.sha256(file.data).hexdigest(),
        parts.reading,
        parts.fields,
        parts.lines,
        parts.body,
        parts.body_line,
        first_heading(parts.body),
        faults + parts.problems,
    )


def _decode(file: File) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file with `\\n` at the end of each line, and what was wrong with its bytes."""
    encoding = "utf-16" if file.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    what, place = ("is UTF-16", None) if encoding == "utf-16" else _bad_bytes(file.data)
    text = file.data.decode(encoding, "replace").replace("\0", "\ufffd")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, (Problem(file.path, place, "bad-encoding", what, "save the file as UTF-8"),) if what else ()


def _bad_bytes(data: bytes) -> tuple[str, int | None]:
    """What keeps bytes from being UTF-8 text, and on which line; nothing where they are."""
    zero = data.find(b"\0")
    try:
        data.decode("utf-8")
        bad = zero
    except UnicodeDecodeError as error:
        bad = min(error.start, zero) if zero >= 0 else error.start
    return ("has bytes that are not UTF-8 text", data.count(b"\n", 0, bad) + 1) if bad >= 0 else ("", None)


def _take_apart(path: str, text: str) -> _Parts:
    if not _OPENS.match(text):
        return _without_front_matter(text)
    try:
        inner, content = _HANDLER.split(text)
    except ValueError:
        return _recover(path, text, None)
    body = _body(content, text.count("\n", 0, len(text) - len(content)) + 1)
    try:
        mapping = read_mapping(inner[1:])
    except Refused as refused:
        return _Parts("refused", {}, {}, *body, (_refused(path, str(refused)),))
    except Broken as broken:
        return _recover(path, text, broken)
    if mapping is None and inner.strip():
        return _given_up(path, text, inner[1:].split("\n"), "no keys, only text")
    if mapping is None:
        return _Parts("none", {}, {}, *body)
    places = _places(mapping)
    return _Parts("whole", mapping.fields, places, *body, _duplicates(path, mapping, places))


def _body(content: str, first: int) -> tuple[str, int]:
    """The content without the blank lines around it, and the line of the file it starts on."""
    body = content.lstrip("\n")
    return body.rstrip(), first + len(content) - len(body)


def _places(mapping: Mapping) -> dict[str, int]:
    """The lines of the keys within the file: line 1 is the fence, line 2 the first of the front matter."""
    return {key: line + 2 for key, line in mapping.lines.items()}


def _duplicates(path: str, mapping: Mapping, places: dict[str, int]) -> tuple[Problem, ...]:
    return tuple(
        Problem(path, places.get(key), "duplicate-key", f"`{key}` stands more than once", f"keep one `{key}`")
        for key in sorted(set(mapping.duplicates))
    )


def _without_front_matter(text: str) -> _Parts:
    """A text that opens with its body: fields are read off bold lines such as `**Confidence**: likely`."""
    body, first = _body(text, 1)
    fields: dict[str, Value] = {}
    places: dict[str, int] = {}
    for line in lines(body, first):
        field = _BODY_FIELD.match(line.text)
        if not field and line.text.strip() and line.level != 1:
            break
        key = slugify(field[1]) if field else ""
        if field and key in BODY_FIELDS:
            fields[key], places[key] = field[2], line.number
    return _Parts("recovered" if fields else "none", fields, places, body, first)


def _recover(path: str, text: str, broken: Broken | None) -> _Parts:
    """Front matter that is not YAML or has no end: cut where it stops looking like it, then read key by key.

    `broken` is None where there is no closing fence; else the fence is still to come, at the cut or below it.
    """
    rows = text.split("\n")[1:]
    cut = _end_of_front_matter(rows, broken is not None)
    if not any(_KEY.match(row) for row in rows[:cut]):
        fence = next((number for number, row in enumerate(rows) if _is_fence(row)), 0)
        return _given_up(path, text, rows[:fence], str(broken)) if broken else _without_front_matter(text)
    if cut + sum(map(len, rows[:cut])) > LONGEST:
        fault = _refused(path, f"longer than {LONGEST // 1024} kB, and without an end")
        return _without_front_matter(text)._replace(reading="refused", problems=(fault,))
    mapping, faults = _read_keys(path, rows[:cut])
    closed = cut < len(rows) and _is_fence(rows[cut])
    if not closed:
        unclosed = Problem(path, cut + 2, "unclosed-front-matter", "the front matter stops here without a fence")
        faults = (unclosed, *faults)
    elif broken and not faults:
        faults = (_broken(path, broken.line + 2, str(broken)),)
    if broken:
        fence = next(number for number, row in enumerate(rows) if _is_fence(row))
        rows[fence] = ""
    body = _body("\n".join(rows[cut:]), cut + 2)
    places = _places(mapping)
    return _Parts("recovered", mapping.fields, places, *body, faults + _duplicates(path, mapping, places))


def _given_up(path: str, text: str, rows: list[str], why: str) -> _Parts:
    """A text between fences that is no front matter: all of it is body, and it is said where a row looks like a key."""
    parts = _without_front_matter(text)
    key = next((number for number, row in enumerate(rows, 2) if _KEY.match(row)), None)
    return parts._replace(problems=(_broken(path, key, why),)) if key else parts


def _end_of_front_matter(rows: list[str], fenced: bool) -> int:
    """The number of the first row that is neither a key, a list item, an indent nor a comment.

    Nor is a list item below a key that has its value on its own line, nor what may be a heading: a comment is only
    believed where a fence is to come.
    """
    complete = True
    for number, row in enumerate(rows):
        key = _KEY.match(row)
        if not key and (
            (complete and row.startswith("-")) or not _CONTINUES.match(row) or _is_heading(rows, number, fenced)
        ):
            return number
        if key:
            complete = bool(row[key.end() :].strip(" \t|>+-"))
    return len(rows)


def _is_heading(rows: list[str], number: int, fenced: bool) -> bool:
    row = rows[number]
    alone = not fenced or number == 0 or not rows[number - 1].strip()
    return row.startswith("##") or (row.startswith("#") and alone)


def _is_fence(row: str) -> bool:
    return row.rstrip(" \t") == "..." or (row.startswith("---") and not row.strip("- \t"))


def _refused(path: str, why: str) -> Problem:
    return Problem(path, 1, "refused-front-matter", f"front matter refused: {why}")


def _broken(path: str, line: int, message: str) -> Problem:
    return Problem(
        path, line, "broken-front-matter", f"not YAML: {message}", "quote the value, or mend its indentation"
    )


def _read_keys(path: str, rows: list[str]) -> tuple[Mapping, tuple[Problem, ...]]:
    """Each top-level key on its own, so that a bad value costs only itself; a bad one is kept as its text."""
    fields: dict[str, Value] = {}
    places: dict[str, int] = {}
    duplicates: list[str] = []
    faults: list[Problem] = []
    starts = [number for number, row in enumerate(rows) if _KEY.match(row)]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        block = _LEADING_TABS.sub(lambda tabs: "  " * len(tabs[0]), "\n".join(rows[start:end]))
        try:
            found = read_mapping(block)
        except (Broken, Refused) as error:
            key, _, value = block.partition(":")
            found = Mapping({key.strip(" \"'"): value.strip()}, {key.strip(" \"'"): 0}, ())
            faults.append(_broken(path, start + 2 + getattr(error, "line", 0), str(error)))
        for name, item in (found.fields if found else {}).items():
            duplicates += [name] if name in fields else []
            fields[name] = merge(fields[name], item) if name in fields else item
        places |= {key: start + line for key, line in (found.lines if found else {}).items()}
    return Mapping(fields, places, tuple(duplicates)), tuple(faults)
