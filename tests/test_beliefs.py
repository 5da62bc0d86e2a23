"""Beliefs: each numbered section of an agent's beliefs is a statement of its own."""

from __future__ import annotations

import pytest

from claimbase.beliefs import beliefs_of
from claimbase.pipeline.understand import take_apart
from claimbase.records import Belief, Document, File

PATH = "agents/mara/beliefs.md"


def document(text: str, path: str = PATH) -> Document:
    return take_apart(File(path, text.encode(), None))[0]


TWO = """\
---
domain: sleep
---

# What Mara believes

### 1. A tired mind errs

So it does.

---

### 2. Rest is work

#### Why

Ask a gardener.

## Further

Not a belief.
"""


def test_each_numbered_heading_of_level_three_opens_a_belief() -> None:
    assert beliefs_of(document(TWO)) == [
        (
            "agents-mara-beliefs--a-tired-mind-errs",
            Belief("a-tired-mind-errs", 1, "A tired mind errs", 7, 13, "So it does."),
        ),
        (
            "agents-mara-beliefs--rest-is-work",
            Belief("rest-is-work", 2, "Rest is work", 13, 19, "#### Why\n\nAsk a gardener."),
        ),
    ]


def test_the_text_of_a_belief_goes_up_to_the_next_heading_without_the_rule() -> None:
    found = document(TWO)
    assert [belief.text for _, belief in beliefs_of(found)] == ["So it does.", "#### Why\n\nAsk a gardener."]


@pytest.mark.parametrize(
    "text",
    [
        "# Beliefs\n",
        "# Beliefs\n### Rest is work",
        "# Beliefs\n## 1. Rest is work",
        "# Beliefs\n#### 1. Rest is work",
        "# Beliefs\n### 1.",
        "# Beliefs\n### 1) Rest is work",
        "# Beliefs\n```\n### 1. Rest is work\n```",
    ],
)
def test_other_headings_open_none(text: str) -> None:
    assert beliefs_of(document(text)) == []


def test_other_documents_have_none() -> None:
    assert beliefs_of(document("### 1. Rest is work", "agents/mara/notes.md")) == []


@pytest.mark.parametrize("text", ["", "They are still being written.", "#### 1. Deep"])
def test_a_file_without_headings_has_none(text: str) -> None:
    assert beliefs_of(document(text)) == []


@pytest.mark.parametrize(
    "text", ["### 1. Rest\n\n### 2. Rest\n", "### 1. 睡眠\n\n### 2. 昼寝\n", "### 1. A!\n### 2. a\n"]
)
def test_no_two_beliefs_have_one_id(text: str) -> None:
    (first, _), (second, _) = beliefs_of(document(text))
    assert first != second
