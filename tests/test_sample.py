"""The sample knowledge base is clean, varied, and what the README says it is."""

from __future__ import annotations

from collections import Counter

from claimbase.records import Codex
from claimbase.report import severity
from claimbase.values import confidence_of, field
from claimbase.vocabulary import CONFIDENCES


def test_it_has_no_error_and_no_warning(sample: Codex) -> None:
    assert [problem for problem in sample.problems if severity(problem) != "info"] == []


def test_it_holds_only_the_sample_and_none_of_the_projects_own_pages(sample: Codex) -> None:
    folders = {document.path.split("/")[0] for document in sample.documents}
    assert folders == {"agents", "domains", "entities", "inbox"}


def test_it_is_large_enough_to_be_interesting(sample: Codex) -> None:
    kinds = Counter(document.kind for document in sample.documents)
    assert kinds["claim"] >= 40
    assert kinds["source"] >= 15
    assert len({document.domain for document in sample.documents if document.kind == "claim"}) == 3


def test_every_confidence_is_in_use(sample: Codex) -> None:
    stated = {confidence_of(field(document.fields, "confidence")) for document in sample.documents}
    assert stated >= set(CONFIDENCES)


def test_every_relation_of_an_argument_is_in_use(sample: Codex) -> None:
    relations = {link.reference.relation for link in sample.links if link.state == "resolved"}
    assert relations >= {
        "supports",
        "challenges",
        "challenged_by",
        "depends_on",
        "premise",
        "related",
        "map",
        "evidence",
    }


def test_every_reference_finds_its_document(sample: Codex) -> None:
    states = Counter(link.state for link in sample.links)
    assert states["dead"] == states["ambiguous"] == 0


def test_the_claim_after_the_example_page_has_its_facts(sample: Codex) -> None:
    name = "anti-scheming-training-creates-goodhart-dynamic-where-training-signal-diverges-from-scheming-tendency"
    claim = next(document for document in sample.documents if document.id == name)
    facts = {key: field(claim.fields, key) for key in ("confidence", "source", "created", "agent", "scope", "sourcer")}
    assert facts == {
        "confidence": "speculative",
        "source": "Bronson Schoen et al. (Apollo Research + OpenAI), arXiv:2509.15541",
        "created": "2026-04-14",
        "agent": "theseus",
        "scope": "causal",
        "sourcer": "Apollo Research + OpenAI",
    }
