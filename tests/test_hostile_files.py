"""Hostile files: whatever one file of a base is, it is a row with its fault, and the others are as they were."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from build import PROJECT, main
from claimbase.discover import IGNORE_FILE, LARGEST, LONGEST_RULES
from claimbase.pipeline.understand import take_apart
from claimbase.records import File
from tests.histories import Base, ask

GOOD, EVIL = "domains/sleep/naps.md", "domains/sleep/evil.md"
GOOD_TEXT = "---\ntype: claim\nconfidence: likely\nsource: s\n---\n# Naps help\n\nSince [[rest]], see [[naps]].\n"
MEGABYTE = 2**20
POSIX = pytest.mark.skipif(os.name != "posix", reason="only here are names bytes and files anything but files")


class Bomb(NamedTuple):
    """What one file holds, the faults of the file itself, and how many references it makes."""

    data: bytes
    faults: tuple[str, ...] = ()
    links: int = 0


def claim(front: str, body: str = "") -> bytes:
    return f"---\ntype: claim\n{front}\n---\n{body}".encode("utf-8", "surrogateescape")


def flow(depth: int) -> str:
    return "[" * depth + "]" * depth


def block(depth: int) -> str:
    """Lists within lists, a line each: their indents alone are longer than front matter may be."""
    return "a:\n" + "".join(" " * (2 * level) + "-\n" for level in range(1, depth))


BOMBS = {
    "aliases": Bomb(claim("a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(40))), ("refused",)),
    "aliases of text": Bomb(claim("a: &a " + "x" * 9000 + "\nb: [" + "*a," * 1000 + "]"), ("refused",)),
    "merges": Bomb(claim("a: &a {x: y}\nb:\n  <<: [*a, *a]"), ("refused",)),
    "a list that holds itself": Bomb(claim("a: &a [*a]"), ("refused",)),
    "100,000 open brackets": Bomb(claim("a: " + "[" * 100_000), ("refused",)),
    "30,000 lists in lists": Bomb(claim("a: " + flow(30_000)), ("broken",)),
    "400 lists in lists": Bomb(claim("a: " + flow(400)), ("refused",)),
    "30,000 mappings in mappings": Bomb(claim("a: " + "{b: " * 12_000 + "}" * 12_000), ("refused",)),
    "30,000 lists on a line each": Bomb(claim("a:\n  " + "- " * 30_000 + "x"), ("refused",)),
    "blocks in blocks": Bomb(claim(block(200)), ("refused",)),
    "questions in questions": Bomb(claim("? " * 30_000 + "a"), ("refused",)),
    "100,000 brackets and no end": Bomb(b"---\na: " + b"[" * 100_000, ("refused",)),
    "10,000 brackets and no end": Bomb(b"---\na: " + b"[" * 10_000, ("unclosed", "broken")),
    "more nodes than a person writes": Bomb(claim("tags: [" + "a," * 21_000 + "]"), ("refused",)),
    "front matter of a megabyte": Bomb(claim("a: " + "x" * MEGABYTE), ("refused",)),
    "keys without end": Bomb(b"---\n" + b"".join(b"k%d: v\n" % n for n in range(20_000)), ("refused",)),
    "one list written 20,000 times": Bomb(b"---\n" + b"".join(b"a: [v%d]\n" % n for n in range(20_000)), ("refused",)),
    "numbers beyond 64 bit": Bomb(claim(f"a: {2**64}\nb: {'9' * 5000}\nrevenue: -{2**70}\n1{'0' * 30}: x")),
    "numbers that are none": Bomb(claim("a: .nan\nb: .inf\nconfidence_score: -.INF\nc: 1e999\nimportance: .NaN")),
    "numbers as the text of everything": Bomb(
        claim("title: 7\ndomain: 0x10\ncreated: 20260214\nstatus: -0\nagent: 1e5\ntags: [1, .nan, ~]\nsource: 99")
    ),
    "dates that are keys": Bomb(claim("2026-02-14: a\n2026-02-00: b\n12:30: c\nnull: d\ntrue: e\n? [a, {b: c}]\n: f")),
    "lists where text should be": Bomb(claim(f"title: {flow(20)}\ndomain: [[a]]\nconfidence: {{a: b}}\ncreated: [1]")),
    "tags that would run something": Bomb(claim("a: !!python/object/apply:os.system ['false']\nb: !!binary '@@'")),
    "a key twice": Bomb(claim("tags: [a]\ntags: [b]"), ("duplicate",)),
    "NUL": Bomb(b"---\ntype: claim\ntitle: a\x00b\n---\nc\x00d\n", ("encoding",)),
    "bytes that are no text": Bomb(b"---\ntype: claim\ntitle: \xff\xfe\xc0\xaf\n---\n\xed\xa0\x80\n", ("encoding",)),
    "UTF-16 with a mark": Bomb("---\ntype: claim\n---\nSee [[rest]].".encode("utf-16"), ("encoding",), 1),
    "UTF-16 without a mark": Bomb("---\ntype: claim\n---\nSee [[rest]].".encode("utf-16-le"), ("encoding",)),
    "half a letter of UTF-16": Bomb(b"\xff\xfe-\x00-\x00-", ("encoding",)),
    "UTF-32": Bomb("---\ntype: claim\n---\n".encode("utf-32"), ("encoding",)),
    "a mark": Bomb(b"\xef\xbb\xbf---\ntype: claim\n---\nSee [[rest]].", (), 1),
    "two marks": Bomb(b"\xef\xbb\xbf\xef\xbb\xbf---\ntype: claim\n---\nSee [[rest]].", (), 1),
    "CRLF": Bomb(b"---\r\ntype: claim\r\n---\r\nSee [[rest]].\r\n", (), 1),
    "CR": Bomb(b"---\rtype: claim\r---\rSee [[rest]].\r", (), 1),
    "separators of lines that are none": Bomb(
        claim("title: a\x85b\u2028c", "\u2028\x0b\x0c\x1c\x85[[rest]]"), ("broken",), 1
    ),
    "escape sequences": Bomb(claim('"\\e]0;x\\a": "\\e[2J"', "\x1b]0;owned\x07 [[\x1bcrest]] \x9b2J"), (), 1),
    "marks that turn the text round": Bomb(claim("title: \u202egnorw", "[[\u202erest\u2066]] \u200f"), (), 1),
    "a line of 64 kB": Bomb(claim("", "word " * 13_000 + "[[rest]]"), (), 1),
    "a word of a megabyte": Bomb(claim("", "w" * MEGABYTE)),
    "a megabyte of brackets": Bomb(claim("", "[[" * (MEGABYTE // 2))),
    "a megabyte of open links": Bomb(claim("", "[a](" * (MEGABYTE // 4))),
    "a megabyte of backticks": Bomb(claim("", "`a``b" * (MEGABYTE // 5))),
    "a megabyte of quotes in quotes": Bomb(claim("", ">" * MEGABYTE)),
    "20,000 headings": Bomb(claim("", "# a\n" * 20_000)),
    "10,000 links on a line": Bomb(claim("", "[[rest]]" * 10_000), (), 10_000),
    "6,000 links in a value": Bomb(claim("related:\n  - " + "[[rest]]" * 6_000), ("broken",), 6_000),
    "30,000 links in a value without an end": Bomb(b"---\nrelated: " + b"[[rest]]" * 30_000, ("refused",), 30_000),
    "nothing": Bomb(b""),
    "nothing but a fence": Bomb(b"---"),
    "a database": Bomb(b"SQLite format 3\x00" + bytes(4096), ("encoding",)),
    "more than may be read": Bomb(b"\n" * (LARGEST + 1), ("unreadable",)),
}
CODES = {
    "refused": "refused-front-matter",
    "unclosed": "unclosed-front-matter",
    "broken": "broken-front-matter",
    "duplicate": "duplicate-key",
    "encoding": "bad-encoding",
    "unreadable": "unreadable-file",
}


def fill(root: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A base of two good files."""
    return fill(tmp_path / "kb", {GOOD: GOOD_TEXT.encode(), "domains/sleep/rest.md": b"# Rest\n"})


def run(root: Path, *words: str) -> Result:
    database = root.with_name("codex.db")
    return CliRunner().invoke(main, [str(root), "--output", str(database), "--format", "text", *words])


def built(root: Path) -> Path:
    """The database of a base whose build ended well and wrote nothing that a terminal obeys; it is sound."""
    result = run(root)
    assert (result.exit_code, result.exception) == (0, None), result.output[-500:]
    assert [letter for letter in result.output if not letter.isprintable() and letter != "\n"] == []
    database = root.with_name("codex.db")
    assert ask(database, "pragma integrity_check") == [("ok",)]
    assert ask(database, "pragma foreign_key_check") == []
    return database


def told_of(database: Path, path: str) -> list[list[tuple[Any, ...]]]:
    """All that a database says of one file alone."""
    return [
        ask(database, sql, path)
        for sql in (
            "select * from documents where path = ?",
            "select * from claims where path = ?",
            "select * from links where from_document = (select id from documents where path = ?)",
            "select * from problems where path = ?",
        )
    ]


def faults(database: Path, path: str) -> list[str]:
    """The faults of a file itself, apart from what it says."""
    found = ask(database, "select code from problems where path = ? order by id", path)
    return [code for (code,) in found if code in CODES.values()]


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_is_one_row_with_its_fault_and_the_others_are_as_they_were(root: Path, name: str) -> None:
    bomb = BOMBS[name]
    before = told_of(built(root), GOOD)
    fill(root, {EVIL: bomb.data})
    database = built(root)
    assert told_of(database, GOOD) == before
    assert ask(database, "select count(*) from documents") == [(3,)]
    assert sorted(set(faults(database, EVIL))) == sorted(CODES[fault] for fault in bomb.faults)
    sql = "select count(*) from links join documents on documents.id = from_document where documents.path = ?"
    assert ask(database, sql, EVIL) == [(bomb.links,)]


def test_links_that_follow_one_another_do_not_each_keep_all_that_follows(root: Path) -> None:
    fill(root, {EVIL: claim("related:\n  - '" + "[[rest]]" * 6_000 + "'")})
    assert ask(built(root), "select count(*), max(length(reason)) from links where field = 'related'") == [
        (6_000, 1_000)
    ]


LETTERS = (
    *("[[", "[a](", "`", "```\n", "- a\n", "> ", "# a\n", "[[rest]]", "a: [b]\n", "since [[a]], ", "a/b.md ", "\n\n"),
    *("*Source: [[a]]*\n", "**A**: b\n"),
)


@pytest.mark.parametrize(
    ("opening", "length"),
    [
        ("", 16_000),
        ("---\ntype: claim\n---\nRelevant Notes:\n- ", 16_000),
        # Longer than front matter may be, where another way of reading begins.
        ("---\n", 70_000),
        ("---\nrelated:\n  - ", 70_000),
    ],
)
def test_no_letters_cost_more_than_their_number(opening: str, length: int) -> None:
    def cost(letters: str, length: int) -> float:
        data = (opening + letters * (length // len(letters))).encode()
        started = time.process_time()
        take_apart(File(EVIL, data, None))
        return time.process_time() - started

    # Four times the length costs four times as much, and 16 times where every letter looks at every other one.
    costs = {
        letters: (max(cost(letters, length), cost(letters, length), 0.004), cost(letters, 4 * length))
        for letters in LETTERS
    }
    assert {letters: pair for letters, pair in costs.items() if pair[1] > 11 * pair[0]} == {}


NAMES = {
    "an end of line": b"a\nb.md",
    "a return and an escape": b"\r\x1b]0;owned\x07.md",
    "quotes": b"\"'`$(id)`'\".md",
    "markup": b"<img src=x onerror=alert(1)>.md",
    "marks that turn the text round": "\u202egnp.exe\u2066.md".encode(),
    "255 bytes": b"n" * 252 + b".md",
    "255 bytes of two-byte letters": "é".encode() * 126 + b".md",
    "no text": b"\xff\xfe\x80.md",
    "half a surrogate": b"\xed\xa0\x80.md",
    "nothing but a suffix": b".md",
    "spaces": b"  .md",
    "dots": b"...md",
    "a suffix twice": b"naps.md.md",
    "a query": b"a?b#c%2e%2e%2f&d=e.md",
    "a rule": b"--output=x.md",
    "SQL": b"'); drop table claims; --.md",
    "an emoji with a joiner": "👩\u200d🔬.md".encode(),
    "a separator of lines": "a\u2028b\x85c.md".encode(),
}


@POSIX
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("within", [b"domains/sleep/", b"domains/"])
def test_a_name_of_any_bytes_is_a_document(root: Path, within: bytes, name: str) -> None:
    """As a file, and as a folder with a file in it."""
    before = told_of(built(root), GOOD)
    path = within + NAMES[name] + (b"/a.md" if within == b"domains/" else b"")
    file = Path(os.fsdecode(os.fsencode(root) + b"/" + path))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(claim("confidence: likely", "See [[rest]]."))
    database = built(root)
    assert told_of(database, GOOD) == before
    assert ask(database, "select count(*), count(distinct path), count(distinct id) from documents") == [(3, 3, 3)]
    assert ask(database, "select count(*) from links") == [(3,)]


@POSIX
def test_all_names_at_once_have_ids_of_their_own(root: Path) -> None:
    for name in NAMES.values():
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_bytes(claim("", "[[rest]]"))
    assert ask(built(root), "select count(*), count(distinct id), count(distinct path) from documents") == [
        (len(NAMES) + 2,) * 3
    ]


def test_names_that_differ_in_case_alone_are_two_documents(root: Path) -> None:
    fill(root, {"domains/sleep/NAPS.md": b"See [[naps]].", "domains/Sleep/naps.md": b"See [[NAPS]]."})
    if len(list(root.rglob("*.md"))) < 4:
        pytest.skip("one name here")
    assert ask(built(root), "select count(*), count(distinct id) from documents") == [(4, 4)]


def link_to(target: str) -> Callable[[Path], None]:
    return lambda file: file.symlink_to(target)


def socket_at(file: Path) -> None:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
        # Its name may be no longer than a hundred letters.
        before = Path.cwd()
        os.chdir(file.parent)
        listening.bind(file.name)
        os.chdir(before)


ODD = {
    "a pipe": (os.mkfifo if hasattr(os, "mkfifo") else socket_at, "not a regular file"),
    "a socket": (socket_at, "No such device or address"),
    "a link to a device that never ends": (link_to("/dev/zero"), "a link that leads out of the base"),
    "a link to a file of the system": (link_to("/etc/passwd"), "a link that leads out of the base"),
    "a link out of the base": (link_to("../../../secret.md"), "a link that leads out of the base"),
    "a link through another link": (link_to("out/secret.md"), "a link that leads out of the base"),
    "a link to itself": (link_to("evil.md"), "Too many levels of symbolic links"),
    "a link to nothing": (link_to("nowhere.md"), "No such file or directory"),
}


@POSIX
@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_is_a_row_that_says_so(root: Path, name: str) -> None:
    make, fault = ODD[name]
    (root.parent / "secret.md").write_text("SECRET")
    (root / "domains/sleep/out").symlink_to(root.parent)
    before = told_of(built(root), GOOD)
    make(root / EVIL)
    database = built(root)
    assert told_of(database, GOOD) == before
    sql = "select message from problems where path = ? and code = 'unreadable-file'"
    assert ask(database, sql, EVIL) == [(f"cannot be read: {fault}",)]
    assert ask(database, "select count(*) from documents") == [(3,)]
    assert b"SECRET" not in database.read_bytes()


@POSIX
def test_folders_that_lead_round_in_circles_are_walked_once(root: Path) -> None:
    (root / "domains/sleep/again").symlink_to(root)
    (root / "x.md").mkdir()
    (root / "x.md/up").symlink_to("..")
    assert ask(built(root), "select count(*) from documents") == [(2,)]


def test_folders_in_folders_are_walked_to_the_last(root: Path) -> None:
    fill(root, {"d/" * 400 + "a.md": b"See [[rest]]."})
    assert ask(built(root), "select count(*) from documents") == [(3,)]


def held_to_permissions() -> None:
    """Takes from root what lets it read and write everything: https://man7.org/linux/man-pages/man7/capabilities.7.html"""
    if os.geteuid() == 0:
        drop_from_bounding_set, override, read_and_search = 24, 1, 2
        for capability in (override, read_and_search):
            if ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0):
                os._exit(77)


def as_anyone(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a user who may not read everything."""
    command = [sys.executable, str(PROJECT / "build.py"), *map(str, words), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=held_to_permissions)  # noqa: S603
    if done.returncode == 77:
        pytest.skip("root stays root here")
    return done


@contextlib.contextmanager
def closed(path: Path, mode: int = 0) -> Iterator[None]:
    """Takes the rights to a file or folder away until the block ends."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@POSIX
def test_a_file_that_may_not_be_read_is_a_row_that_says_so(root: Path) -> None:
    database = root.with_name("codex.db")
    fill(root, {EVIL: b"SECRET"})
    with closed(root / EVIL):
        done = as_anyone(root, "--output", database)
    assert (done.returncode, done.stderr) == (0, "")
    assert ask(database, "select message from problems where code = 'unreadable-file'") == [
        ("cannot be read: Permission denied",)
    ]
    assert ask(database, "select count(*) from documents") == [(3,)]


@POSIX
def test_a_folder_that_may_not_be_read_ends_the_build_in_one_line_unless_it_is_left_out(root: Path) -> None:
    database = root.with_name("codex.db")
    assert as_anyone(root, "--output", database).returncode == 0
    before = database.read_bytes()
    fill(root, {"private/a.md": b"SECRET"})
    with closed(root / "private"):
        done = as_anyone(root, "--output", database)
        assert (done.returncode, done.stderr) == (
            2,
            f"Error: {root}/private: Permission denied; name the folder in .claimbaseignore to leave it out\n",
        )
        assert database.read_bytes() == before
        fill(root, {IGNORE_FILE: b"private/\n"})
        assert as_anyone(root, "--output", database).returncode == 0


@POSIX
def test_a_folder_that_may_not_be_written_to_is_said_in_one_line(root: Path) -> None:
    out = root.with_name("out")
    out.mkdir()
    with closed(out, 0o555):
        done = as_anyone(root, "--output", out / "codex.db")
    assert (done.returncode, done.stderr) == (2, f"Error: {out}/codex.db: Permission denied\n")
    assert os.listdir(out) == []


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root makes a disk of any size")
@pytest.mark.parametrize("size", ["64k", "300k", "600k"])
def test_a_disk_that_is_full_is_said_in_one_line_and_the_old_database_stays(root: Path, size: str) -> None:
    disk = root.with_name("disk")
    disk.mkdir()
    mounted = subprocess.run(  # noqa: S603
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        old = disk / "codex.db"
        old.write_bytes(b"old")
        command = [sys.executable, str(PROJECT / "build.py"), str(root), "--output", str(old), "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert done.stderr.startswith(f"Error: {old}: ")
        assert old.read_bytes() == b"old"
        assert [name for name in os.listdir(disk) if "building" in name] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607


RULES = {
    "stars that could match in many ways": (b"*a*a*a*a*a*a*a*a*a*a*a*a*b\n" * 9, 0, 3),
    "folders that could match in many ways": (b"**/a/**/a/**/a/**/a/**/a/**/b\n" * 9, 0, 3),
    "classes that never end": (b"[a\n[]\n[!\n", 0, 3),
    "a class of words": (b"[[:alpha:]\n", 2, 3),
    "a class that runs backwards": (b"[z-a]\n", 2, 3),
    "bytes that are no text": (b"\xff\xfe\x00\n\x00\n", 0, 3),
    "a rule of 60 kB": (b"a" * 60_000, 2, 3),
    "a rule that ends in nothing": (b"naps\\\n", 2, 3),
    "more rules than are read": (b"x/\n" * LONGEST_RULES, 2, 3),
    "everything": (b"*\n", 2, 3),
}


@pytest.mark.parametrize("name", RULES)
def test_rules_of_what_is_left_out_hold_or_are_refused_in_one_line(root: Path, name: str) -> None:
    rules, exit_code, documents = RULES[name]
    fill(root, {"domains/" + "a" * 200 + ".md": b"", "b/" + "a/" * 300 + "x/naps.md": b""})
    database = built(root)
    before = database.read_bytes()
    fill(root, {IGNORE_FILE: rules})
    result = run(root)
    assert result.exit_code == exit_code, result.output
    if exit_code:
        assert len(result.stderr.splitlines()) == 1
        assert database.read_bytes() == before
    else:
        assert ask(database, "select count(*) from documents") == [(documents + 1,)]


@POSIX
@pytest.mark.parametrize("path", [IGNORE_FILE, "schemas/contribution-weights.yaml", ".git"])
@pytest.mark.parametrize("name", ["a pipe", "a link to a device that never ends", "a link to itself", "a socket"])
def test_what_stands_beside_the_documents_may_be_no_file_either(root: Path, path: str, name: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    ODD[name][0](root / path)
    assert ask(built(root), "select count(*) from documents") == [(2,)]


@pytest.mark.parametrize(
    "data", [b"reviewer: 1\n" * (LARGEST // 12 + 1), b"[" * 100_000, b"a: &a [1]\nb: [*a, *a]\n", b"reviewer: .nan\n"]
)
def test_weights_that_are_a_bomb_are_none(root: Path, data: bytes) -> None:
    fill(root, {"schemas/contribution-weights.yaml": data})
    assert ask(built(root), "select count(*) from documents") == [(2,)]


def test_a_file_that_is_rewritten_while_it_is_read_is_read_or_said_to_be_unreadable(root: Path) -> None:
    writer = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-c",
            "import itertools, pathlib, sys\n"
            "file = pathlib.Path(sys.argv[1])\n"
            "for number in itertools.count():\n"
            "    file.write_bytes(b'[[rest]]\\n' * (number % 5000))\n"
            "    number % 7 or file.unlink()\n",
            str(root / EVIL),
        ]
    )
    try:
        while not (root / EVIL).exists():
            time.sleep(0.01)
        for _ in range(5):
            database = built(root)
            documents, links = ask(database, "select count(*), (select count(*) from links) from documents")[0]
            assert documents in (2, 3)
            assert links - 2 in range(5000)
    finally:
        writer.kill()
        writer.wait()
    (root / EVIL).unlink(missing_ok=True)
    fill(root, {EVIL: b"[[rest]]"})
    assert ask(built(root), "select count(*) from links") == [(3,)]


MESSAGES = {
    "escape sequences": b"\x1b]0;owned\x07\x1b[2J \x9b31m",
    "NUL": b"before\x00after",
    "bytes that are no text": b"\xff\xfe\xc0",
    "a megabyte": b"word " * (MEGABYTE // 5),
    "a million trailers": b"x\n\n" + b"Pentagon-Agent: a <b>\n" * 50_000,
    "trailers that nearly are": b"x\n\n" + b"Co-authored-by: " * 60_000,
    "pull requests": b"(#" * 100_000 + b"1" * 100_000 + b")",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_commit_may_say_anything(root: Path, name: str) -> None:
    base = Base(root)
    first = base.commit({})
    base.write({GOOD: GOOD_TEXT.replace("likely", "proven")})
    base.git("add", "--all")
    fill(root.parent, {"commit": _commit(base.git("write-tree"), first, MESSAGES[name])})
    commit = base.git("hash-object", "-t", "commit", "-w", "--literally", str(root.parent / "commit"))
    base.git("update-ref", "HEAD", commit)
    assert ask(built(root), "select count(*) from commits") == [(2,)]


def _commit(tree: str, parent: str, message: bytes) -> bytes:
    who = b"A \x1b[31m<a\x1b@b> 99999999999999999999 +9999"
    return b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\n%s" % (tree.encode(), parent.encode(), who, who, message)


@POSIX
def test_a_repository_with_traps_in_it_runs_nothing_and_is_read(root: Path) -> None:
    """All that a repository's own settings can have run by a command of git."""
    base, sprung = Base(root), root.with_name("sprung")
    base.commit({".gitattributes": b"* diff=trap filter=trap merge=trap ident\n"})
    base.commit({GOOD: GOOD_TEXT.replace("likely", "proven")})
    trap = root.with_name("trap")
    trap.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{sprung}'\nexit 1\n")
    trap.chmod(0o755)
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(trap, root / ".git/hooks" / hook)
    with (root / ".git/config").open("a") as config:
        config.write(
            f"[core]\n fsmonitor = {trap}\n pager = {trap}\n editor = {trap}\n sshCommand = {trap}\n askPass = {trap}\n"
            f" gitProxy = {trap}\n alternateRefsCommand = {trap}\n hooksPath = {root}/.git/hooks\n"
            f'[diff]\n external = {trap}\n[diff "trap"]\n command = {trap}\n textconv = {trap}\n cachetextconv = true\n'
            f'[filter "trap"]\n clean = {trap}\n smudge = {trap}\n process = {trap}\n required = true\n'
            f"[gpg]\n program = {trap}\n[log]\n showSignature = true\n[pager]\n diff-tree = {trap}\n"
            f"[alias]\n rev-parse = !{trap}\n cat-file = !{trap}\n[credential]\n helper = !{trap}\n"
            f"[trace2]\n normalTarget = {sprung}\n eventTarget = {sprung}\n[include]\n path = /dev/zero.nowhere\n"
            f'[remote "origin"]\n url = ext::{trap}\n promisor = true\n partialclonefilter = blob:none\n'
            f'[merge "trap"]\n driver = {trap}\n[interactive]\n diffFilter = {trap}\n[browser "x"]\n cmd = {trap}\n'
        )
    database = built(root)
    assert not sprung.exists(), sprung.read_text()
    assert ask(database, "select count(*) from changes where field = 'confidence' and new = 'proven'") == [(1,)]


@pytest.mark.parametrize(
    "text", ["gitdir: ../elsewhere", "gitdir: " + "a/" * 30_000, "gitdir: \x1b[2J", "gitdir: .git", "x" * MEGABYTE]
)
def test_a_file_that_names_another_repository_is_followed_or_has_no_history(root: Path, text: str) -> None:
    (root / ".git").write_text(text)
    assert ask(built(root), "select count(*) from commits") == [(0,)]


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_no_report_writes_what_a_terminal_obeys(root: Path, form: str) -> None:
    fill(root, {"a\x1b[31m\x9b\u202e\x7f.md": "---\na: [\x1b[2J\n---\n[[\x1bcowned\x07\x9b2J\u202e]]".encode()})
    result = run(root, "--check", "--format", form)
    assert result.exit_code == 0
    assert "owned" in result.output
    assert [letter for letter in result.output if not letter.isprintable() and letter != "\n"] == []


def test_no_error_writes_what_a_terminal_obeys(tmp_path: Path) -> None:
    result = run(tmp_path / "\x1b]0;owned\x07\u202e")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}/�]0;owned��: No such file or directory\n"


def test_the_rows_of_a_base_of_all_bombs_are_those_of_a_build_from_nothing(root: Path) -> None:
    """A build that takes up the last one believes no less and no more than one that starts from nothing."""
    small = {name: bomb for name, bomb in BOMBS.items() if len(bomb.data) < 200_000 and bomb.links < 5_000}
    fill(root, {f"domains/{number % 3}/{number}.md": b"Nothing yet." for number in range(6 * len(small))})
    built(root)
    fill(root, {f"domains/{number % 3}/{number}.md": bomb.data for number, bomb in enumerate(small.values())})
    after = contents(built(root))
    assert run(root, "--full").exit_code == 0
    assert contents(root.with_name("codex.db")) == after


def contents(database: Path) -> list[str]:
    """Every row of every table, whatever pages they lie on."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return sorted(line for line in connection.iterdump() if "sqlite_stat" not in line and "_fts" not in line)
