"""Every problem a base can have: how grave it is, what it means and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info")


class ProblemCode(NamedTuple):
    severity: str
    meaning: str
    remedy: str


PROBLEM_CODES = {
    "unreadable-file": ProblemCode(
        "error", "The file could not be opened or read.", "Mend its permissions, type or size, or remove it."
    ),
    "bad-encoding": ProblemCode(
        "warning", "The file is not clean UTF-8; what could not be decoded is shown as �.", "Save it as UTF-8."
    ),
    "broken-front-matter": ProblemCode(
        "error",
        "The front matter is not valid YAML; as much as possible was read from it.",
        "Quote the value or mend the indentation at the line given.",
    ),
    "unclosed-front-matter": ProblemCode(
        "warning",
        "The front matter has no closing fence, or text was pasted into it; it was cut where it stops being YAML.",
        "Close the front matter with --- before the body begins.",
    ),
    "refused-front-matter": ProblemCode(
        "error",
        "The front matter is too large, too deep or too tangled to be read safely.",
        "Keep front matter to plain keys, lists and text, without anchors and merges.",
    ),
    "duplicate-key": ProblemCode(
        "warning",
        "A front matter key stands twice; the last value that says something was kept, lists were joined.",
        "Keep one of the two.",
    ),
    "missing-front-matter": ProblemCode(
        "warning",
        "A claim or source has no front matter.",
        "Give it at least type, domain and, for a claim, confidence and source.",
    ),
    "imprecise-date": ProblemCode(
        "info",
        "A zero stands where a month or day should be; the date was cut there.",
        "Write 2026-02 for a month and 2026 for a year.",
    ),
    "impossible-date": ProblemCode(
        "warning",
        "No calendar has this date; what is possible of it was kept.",
        "Write the date as YYYY-MM-DD, YYYY-MM or YYYY.",
    ),
    "missing-confidence": ProblemCode(
        "warning",
        "A claim does not say how confident it is.",
        "Add confidence: proven, likely, experimental or speculative.",
    ),
    "unknown-confidence": ProblemCode(
        "warning",
        "The confidence is none of the four in use.",
        "Choose proven, likely, experimental or speculative.",
    ),
    "unknown-type": ProblemCode(
        "info", "Nobody has seen this type before; the file was filed by its folder.", "Check the spelling of type."
    ),
    "mistyped-file": ProblemCode(
        "warning",
        "The type contradicts the folder; the folder was believed.",
        "Correct the type or move the file.",
    ),
    "domain-not-folder": ProblemCode(
        "warning",
        "The domain differs from the folder the claim lies in; the front matter was believed.",
        "Move the file or correct the domain.",
    ),
    "dead-link": ProblemCode(
        "warning", "Nothing in the base answers to this reference.", "Correct the label, or write the document."
    ),
    "ambiguous-link": ProblemCode(
        "info",
        "Several documents fit this reference equally well; the canonical one was taken.",
        "Link by path, or merge the documents.",
    ),
    "absent-extract": ProblemCode(
        "info",
        "A source says it yielded or enriched a claim that is not in the base.",
        "Correct the name in the source, or restore the claim.",
    ),
    "bare-bullet": ProblemCode(
        "info",
        "A bullet under Relevant Notes names a document without brackets; it was read as a link.",
        "Put the brackets back.",
    ),
    "twin": ProblemCode(
        "info",
        "Another document has the same name; a link by name may mean either.",
        "Merge the two, or rename one.",
    ),
}
