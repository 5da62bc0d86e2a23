"""Read YAML: text stays text; honest front matter is read whole, all other is refused or said to be broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.read_yaml import DEEPEST, LONGEST, MOST_EVENTS, Broken, Mapping, Refused, merge, read_mapping
from claimbase.records import Value


def read(text: str) -> Mapping:
    mapping = read_mapping(text)
    assert mapping is not None
    return mapping


def value(text: str) -> Value:
    return read(f"key: {text}").fields["key"]


@pytest.mark.parametrize(
    "text",
    [
        *("no", "No", "NO", "yes", "on", "off", "y", "n"),
        *("12:30", "1:30:00", "190:20:30"),
        *("0755", "0o755", "0x1F", "0b101", "007", "1_000"),
        *("1180591620717411303424", "9999999999999999", "-9999999999999999"),
        *(".nan", ".NaN", ".inf", "-.inf", "1.10", "1e5", "-0", "+1"),
        *("2026-02-00", "2024-00-00", "2024-01", "2026-02-14", "2026-02-14T08:00:00Z", "2001-12-14 21:59:43.10 -5"),
        *("=", "<<", "TrUe", "nULL", "nil", "None"),
    ],
)
def test_what_yaml_would_turn_into_something_else_stays_text(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("999999999999999", 999_999_999_999_999),
    ],
)
def test_truths_nothing_and_plain_numbers_are_themselves(text: str, read_as: Value) -> None:
    read_value = value(text)
    assert (read_value, type(read_value)) == (read_as, type(read_as))


@pytest.mark.parametrize("text", ["true", "null", "~", "12", "", "no"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_quoted_text_is_text_whatever_it_looks_like(text: str, quote: str) -> None:
    assert value(f"{quote}{text}{quote}") == text


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("!!binary aGVsbG8=", "aGVsbG8="),
        ("!!int 12", "12"),
        ("!!python/object/apply:os.system [true]", [True]),
        ("!unheard 3", "3"),
    ],
)
def test_tags_do_nothing(text: str, read_as: Value) -> None:
    assert value(text) == read_as


def test_shapes_are_kept() -> None:
    text = "source: {author: Ruiz, year: 2024}\ntags: [a, 3, [b, no]]\nnote: |\n  one\n  two\nempty: []\n"
    assert read(text).fields == {
        "source": {"author": "Ruiz", "year": 2024},
        "tags": ["a", 3, ["b", "no"]],
        "note": "one\ntwo\n",
        "empty": [],
    }


def test_keys_are_text_even_where_they_are_numbers_or_lists() -> None:
    assert read("1: a\nno: b\n? [c, d]\n: e\n").fields == {"1": "a", "no": "b", "['c', 'd']": "e"}


def test_every_key_and_every_item_of_a_list_knows_its_line() -> None:
    text = 'type: claim\n\n# a remark\nrelated:\n  - one\n\n  - "two\n    and a half"\n  - three\nlast: x\n'
    assert read(text).lines == {
        "type": 0,
        "related": 3,
        "related[0]": 4,
        "related[1]": 6,
        "related[2]": 8,
        "last": 9,
    }


def test_lists_within_a_mapping_do_not_take_the_lines_of_the_top() -> None:
    assert read("a:\n  b:\n    - x\nb:\n  - y\n").lines == {"a": 0, "b": 3, "b[0]": 4}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a: one\na: two\n", {"a": "two"}),
        ("a: one\na:\n", {"a": "one"}),
        ('a: one\na: ""\n', {"a": "one"}),
        ("a: [x, y]\na: [y, z]\n", {"a": ["x", "y", "z"]}),
        ("a: [x]\na: []\n", {"a": ["x"]}),
        ("a: [x]\na: y\n", {"a": "y"}),
        ("a:\na: one\na: two\n", {"a": "two"}),
        ("a: one\na: 0\n", {"a": 0}),
        ("a: one\na: false\n", {"a": False}),
    ],
)
def test_of_two_values_the_last_that_says_something_is_kept_and_lists_are_joined(
    text: str, fields: dict[str, Value]
) -> None:
    mapping = read(text)
    assert mapping.fields == fields
    assert set(mapping.duplicates) == {"a"}


def test_a_key_met_three_times_is_a_duplicate_twice() -> None:
    assert read("a: 1\nb: 2\na: 3\na: 4\n").duplicates == ("a", "a")


def test_joined_lists_keep_the_line_of_each_item() -> None:
    lines = read("related:\n  - a\nrelated:\n  - b\n").lines
    assert (lines["related[0]"], lines["related[1]"]) == (1, 3)


def test_a_duplicate_within_a_mapping_is_not_one_of_the_top() -> None:
    assert "source" not in read("source: {a: 1}\nattribution: {source: x, source: y}\n").duplicates


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_separators_beyond_ascii_do_not_shift_the_lines(separator: str) -> None:
    assert read(f'title: "a{separator}b"\nrelated: x\n').lines["related"] == 1


@pytest.mark.parametrize("text", ["", "# a remark", "- a\n- b", "just prose", "[a, b]", "---", "null"])
def test_what_is_no_mapping_is_nothing(text: str) -> None:
    assert read_mapping(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\nc: d: e\n", 1),
        ("a: b\nprose without a colon\n", 2),
        ("a: [b\nc: d\n", 1),
        ('a: "b\n', 1),
        ("a:\n\t- b\n", 1),
        ("a: *unknown\n", 0),
        ("a: \x07\n", 0),
        ("a: @b\n", 0),
        ("a: `b`\n", 0),
    ],
)
def test_what_is_not_yaml_is_broken_and_says_where(text: str, line: int) -> None:
    with pytest.raises(Broken) as broken:
        read_mapping(text)
    assert broken.value.line == line


def test_an_alias_of_a_scalar_is_its_text() -> None:
    assert read("a: &name Okafor\nb: *name\n").fields == {"a": "Okafor", "b": "Okafor"}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "a: &a {x: y}\nb:\n  <<: *a\n",
        "a: &a [*a]\n",
        "a: " + "[" * 100_000,
        "a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "a: " + "{b: " * (DEEPEST + 1) + "}" * (DEEPEST + 1),
        "a:\n" + "".join("  " * depth + "- \n" for depth in range(1, 30)) + "  " * 31 + "- x\n",
        "a: [" + "b," * MOST_EVENTS + "]",
        "a: " + "b" * LONGEST,
    ],
    ids=["bomb", "merge", "loop", "open brackets", "lists", "mappings", "blocks", "nodes", "length"],
)
def test_bombs_are_refused_before_they_are_built(text: str) -> None:
    with pytest.raises(Refused):
        read_mapping(text)


def test_what_is_just_deep_enough_is_read() -> None:
    assert read("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)).fields["a"] is not None


def test_a_bomb_of_scalars_is_refused_or_stays_small() -> None:
    bomb = "a: &a " + "x" * 20_000 + "\nb: [" + "*a ," * 1_000 + "]"
    try:
        size = len(json.dumps(read(bomb).fields))
    except Refused:
        size = 0
    assert size < 10 * len(bomb)


@pytest.mark.parametrize(
    "text", ["{type: claim}\nlost text\n", "type: claim\n--- second document\n", "a: b\n... \n--- \nc: d\n"]
)
def test_nothing_behind_the_mapping_is_lost(text: str) -> None:
    with pytest.raises(Broken):
        read_mapping(text)


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        ([1, 2], [2, 3], [1, 2, 3]),
        ("a", "b", "b"),
        ("a", None, "a"),
        ("a", "", "a"),
        ("a", [], "a"),
        (None, "b", "b"),
        ("a", {}, {}),
        ("a", False, False),
    ],
)
def test_merging_two_values(earlier: Value, later: Value, both: Value) -> None:
    assert merge(earlier, later) == both


_YAMLISH = st.text(alphabet=st.sampled_from("ab:-#[]{}&*!|>'\"%@`,? \n\t0.~<=\\\u2028é"), max_size=60)


@given(st.one_of(st.text(), _YAMLISH))
def test_any_text_is_read_refused_or_broken(text: str) -> None:
    try:
        mapping = read_mapping(text)
    except (Refused, Broken):
        return
    assert mapping is None or json.dumps(mapping.fields, allow_nan=False)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Co", "Cs", "Zl", "Zp")), max_size=40)
)
def test_whatever_stands_in_quotes_comes_back_as_it_was(text: str) -> None:
    assert value(json.dumps(text, ensure_ascii=False)) == text
    assert value("'" + text.replace("'", "''") + "'") == text


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
        st.one_of(
            st.integers(-(10**14), 10**14),
            st.booleans(),
            st.none(),
            st.text(alphabet="abc :#-'\"[]{}é", max_size=12),
            st.lists(st.text(alphabet="abc: -'", max_size=8), max_size=4),
        ),
        max_size=6,
    )
)
def test_what_json_writes_is_read_back(fields: dict[str, Value]) -> None:
    text = "\n".join(f"{key}: {json.dumps(item, ensure_ascii=False)}" for key, item in fields.items())
    mapping = read_mapping(text)
    assert (mapping.fields if mapping else {}) == fields
