"""Every problem a base can have: how grave it is, what it means and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info")
_HEADER = """# Problems

What a build reports, the gravest first. A code never changes its meaning. `weight`, from 1 to 9, is how much a problem
matters in the queue of what to mend first. This page is written by `python -m claimbase.problems > docs/problems.md`.

| code | severity | weight | what it means | what to do |
|---|---|---|---|---|"""


class ProblemCode(NamedTuple):
    """`weight`, from 1 to 9, is how much the problem matters when deciding what to mend first."""

    severity: str
    weight: int
    meaning: str
    remedy: str


PROBLEM_CODES = {
    "unreadable-file": ProblemCode(
        "error", 9, "The file could not be opened or read.", "Mend its permissions, type or size, or remove it."
    ),
    "bad-encoding": ProblemCode(
        "warning", 4, "The file is not clean UTF-8; what could not be decoded is shown as �.", "Save it as UTF-8."
    ),
    "broken-front-matter": ProblemCode(
        "error",
        8,
        "The front matter is not valid YAML; as much as possible was read from it.",
        "Quote the value or mend the indentation at the line given.",
    ),
    "unclosed-front-matter": ProblemCode(
        "warning",
        6,
        "The front matter has no closing fence, or text was pasted into it; it was cut where it stops being YAML.",
        "Close the front matter with --- before the body begins.",
    ),
    "refused-front-matter": ProblemCode(
        "error",
        9,
        "The front matter is too large, too deep or too tangled to be read safely.",
        "Keep front matter to plain keys, lists and text, without anchors and merges.",
    ),
    "duplicate-key": ProblemCode(
        "warning",
        4,
        "A front matter key stands twice; the last value that says something was kept, lists were joined.",
        "Keep one of the two.",
    ),
    "missing-front-matter": ProblemCode(
        "warning",
        4,
        "A claim or source has no front matter.",
        "Give it at least type, domain and, for a claim, confidence and source.",
    ),
    "imprecise-date": ProblemCode(
        "info",
        1,
        "A zero stands where a month or day should be; the date was cut there.",
        "Write 2026-02 for a month and 2026 for a year.",
    ),
    "impossible-date": ProblemCode(
        "warning",
        3,
        "No calendar has this date; what is possible of it was kept.",
        "Write the date as YYYY-MM-DD, YYYY-MM or YYYY.",
    ),
    "missing-confidence": ProblemCode(
        "warning",
        6,
        "A claim does not say how confident it is.",
        "Add confidence: proven, likely, experimental or speculative.",
    ),
    "unknown-confidence": ProblemCode(
        "warning",
        5,
        "The confidence is none of the four in use.",
        "Choose proven, likely, experimental or speculative.",
    ),
    "unknown-type": ProblemCode(
        "info", 2, "Nobody has seen this type before; the file was filed by its folder.", "Check the spelling of type."
    ),
    "mistyped-file": ProblemCode(
        "warning",
        4,
        "The type contradicts the folder; the folder was believed.",
        "Correct the type or move the file.",
    ),
    "domain-not-folder": ProblemCode(
        "warning",
        4,
        "The domain differs from the folder the claim lies in; the front matter was believed.",
        "Move the file or correct the domain.",
    ),
    "created-after-commit": ProblemCode(
        "info",
        2,
        "The front matter says the document was created more than a day after git first knew it.",
        "Correct the date, or take it out of the front matter where git is to be believed.",
    ),
    "dead-link": ProblemCode(
        "warning", 2, "Nothing in the base answers to this reference.", "Correct the label, or write the document."
    ),
    "ambiguous-link": ProblemCode(
        "info",
        1,
        "Several documents fit this reference equally well; the canonical one was taken.",
        "Link by path, or merge the documents.",
    ),
    "extracted-but-absent": ProblemCode(
        "info",
        2,
        "A source says it yielded or enriched a claim that is not in the base.",
        "Correct the name in the source, or restore the claim.",
    ),
    "enrichment-without-evidence": ProblemCode(
        "info",
        1,
        "A source says it enriched a claim, but no evidence block of the claim names the source.",
        "Add the evidence block, or take the claim off the source's list.",
    ),
    "near-duplicate": ProblemCode(
        "info",
        4,
        "Another claim has nearly the same title.",
        "Merge the two, or say in the titles how they differ.",
    ),
    "rests-on-weaker": ProblemCode(
        "warning",
        7,
        "The claim is rated above the weakest claim it rests on.",
        "Lower the confidence, strengthen the premise, or say why the claim does not depend on it.",
    ),
    "cycle": ProblemCode(
        "warning",
        6,
        "The claim rests on itself, by way of others: a circle carries nothing.",
        "Find the dependency that is none, and make it related or supports.",
    ),
    "contradiction": ProblemCode(
        "info",
        8,
        "A claim is challenged by one that is rated likely or better while it is itself, or by one that supports it.",
        "Weigh the two in a divergence, or lower one of the confidences.",
    ),
    "unchallenged": ProblemCode(
        "info",
        5,
        "The claim is rated likely or better and nothing speaks against it, in a link, a source or words.",
        "Look for the best objection and write it down, even where it fails.",
    ),
    "unsourced": ProblemCode(
        "info", 4, "No archived source bears on the claim.", "Archive what it was drawn from, or link to it."
    ),
    "orphan": ProblemCode(
        "info",
        3,
        "No link leads from the claim to another claim or from another to it, topic maps aside.",
        "Say what it rests on, supports, challenges or is related to.",
    ),
    "stale": ProblemCode(
        "info",
        4,
        "Nobody has looked at the claim for half a year before the newest date in the base.",
        "Read it again in the light of newer evidence and set last_evaluated.",
    ),
    "bare-bullet": ProblemCode(
        "info",
        1,
        "A bullet under Relevant Notes names a document without brackets; it was read as a link.",
        "Put the brackets back.",
    ),
    "twin": ProblemCode(
        "info",
        3,
        "Another document has the same name; a link by name may mean either.",
        "Merge the two, or rename one.",
    ),
}


def as_markdown() -> str:
    """All codes as the page `docs/problems.md`."""
    ordered = sorted(PROBLEM_CODES.items(), key=lambda item: (SEVERITIES.index(item[1].severity), item[0]))
    rows = (f"| `{id_}` | {code.severity} | {code.weight} | {code.meaning} | {code.remedy} |" for id_, code in ordered)
    return "\n".join([_HEADER, *rows])


if __name__ == "__main__":
    print(as_markdown())  # noqa: T201 - the page is this program's output
