"""JSON-LD: RDFLib reads the claims, their arguments and their sources as triples."""

from __future__ import annotations

import sqlite3

import rdflib
from rdflib.namespace import DCTERMS, RDF

from claimbase.exports.json_ld import json_ld
from tests.nasty import NASTY

SITE = "https://base.example/codex/"
SCHEMA = rdflib.Namespace("https://schema.org/")
CITO = rdflib.Namespace("http://purl.org/spar/cito/")


def read(connection: sqlite3.Connection) -> rdflib.Graph:
    """The triples, as they are where the site serves the document."""
    graph = rdflib.Graph()
    text = "".join(json_ld(connection))
    return graph.parse(data=text, format="json-ld", publicID="https://base.example/export/claims.jsonld")


def test_claims_have_the_addresses_of_their_pages(rows: sqlite3.Connection) -> None:
    claims = {str(claim) for claim in read(rows).subjects(RDF.type, SCHEMA.Claim)}
    assert claims == {f"{SITE}claims/{row['id']}" for row in rows.execute("select id from claims")}
    sources = {str(source) for source in read(rows).subjects(RDF.type, SCHEMA.CreativeWork)}
    assert sources == {f"{SITE}sources/{row['id']}" for row in rows.execute("select id from sources")}


def test_arguments_are_relations_of_known_vocabularies(rows: sqlite3.Connection) -> None:
    words = {
        "supports": CITO.supports,
        "challenges": CITO.disputes,
        "depends_on": CITO.usesConclusionsFrom,
        "related": DCTERMS.relation,
    }
    graph = read(rows)
    for relation, word in words.items():
        stated = {(str(start), str(end)) for start, end in graph.subject_objects(word)}
        arguments = rows.execute("select from_claim, to_claim from arguments where relation = ?", (relation,))
        expected = {(f"{SITE}claims/{start}", f"{SITE}claims/{end}") for start, end in arguments}
        assert stated == expected, relation
        assert expected, relation


def test_evidence_leads_from_claims_to_sources(rows: sqlite3.Connection) -> None:
    words = {
        "origin": SCHEMA.isBasedOn,
        "cites": SCHEMA.citation,
        "extend": CITO.isExtendedBy,
        "confirm": CITO.isConfirmedBy,
        "challenge": CITO.isDisputedBy,
    }
    graph = read(rows)
    stated = {
        (str(claim), kind, str(source)) for kind, word in words.items() for claim, source in graph.subject_objects(word)
    }
    evidence = rows.execute("select distinct claim, kind, source from evidence where source is not null")
    assert stated == {(f"{SITE}claims/{claim}", kind, f"{SITE}sources/{source}") for claim, kind, source in evidence}


def test_a_claim_says_whose_it_is_what_about_and_how_sure(rows: sqlite3.Connection) -> None:
    graph = read(rows)
    naps = rdflib.URIRef(f"{SITE}claims/naps-restore-attention-within-twenty-minutes")
    assert str(graph.value(naps, SCHEMA.dateCreated)) == "2026-02-11"
    assert str(graph.value(naps, SCHEMA.author)) == f"{SITE}agents/mara"
    assert str(graph.value(graph.value(naps, SCHEMA.about), SCHEMA.name)) == "Sleep and rest"
    assert str(graph.value(graph.value(naps, SCHEMA.additionalProperty), SCHEMA.value)) == "likely"


def test_nasty_texts_come_back_as_they_are(nasty: sqlite3.Connection) -> None:
    graph = read(nasty)
    for name, text in NASTY.items():
        claim = rdflib.URIRef(f"{SITE}claims/claim-{name}")
        source = rdflib.URIRef(f"{SITE}sources/source-{name}")
        assert str(graph.value(claim, SCHEMA.name)) == text
        assert str(graph.value(claim, SCHEMA.description)) == text
        assert str(graph.value(source, SCHEMA.author)) == text
