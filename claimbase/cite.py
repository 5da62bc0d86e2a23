"""Cite: how a claim is referred to elsewhere, by people, by reference managers and by search engines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from claimbase.bibtex import as_it_is, entry, tex


class Citation(NamedTuple):
    """A claim as plain text, as a BibTeX entry and as CSL-JSON."""

    plain: str
    bibtex: str
    csl_json: str


def cite(claim: Mapping[str, Any], site: str, address: str) -> Citation:
    """How to cite a claim, given its row, the name of the base and the address of its page.

    BibTeX: https://tug.org/bibtex/ (`@misc`); CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/
    """
    title, day = _one_line(claim["title"]), claim.get("created")
    author = _one_line(claim.get("agent_name") or "")
    stated = f" ({claim['confidence']})" if claim.get("confidence") else ""
    opening = ". ".join(filter(None, (author, day)))
    plain = f"{opening}. “{title}”{stated}. {site}. {address}" if opening else f"“{title}”{stated}. {site}. {address}"
    return Citation(plain, _bibtex(claim, title, author, site, address), _csl(claim, title, author, site, address))


def linked_data(claim: Mapping[str, Any], sources: Iterable[Mapping[str, Any]], address: str) -> dict[str, Any]:
    """A claim as a schema.org `Claim`: https://schema.org/Claim"""
    based = [_work(source) for source in sources if source.get("title")]
    told = {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": address,
        "url": address,
        "name": claim["title"],
        "text": claim["title"],
        "description": claim.get("description"),
        "dateCreated": claim.get("created"),
        "dateModified": claim.get("last_evaluated"),
        "author": {"@type": "Person", "name": claim["agent_name"]} if claim.get("agent_name") else None,
        "about": {"@type": "Thing", "name": claim["domain_title"]} if claim.get("domain_title") else None,
        "creativeWorkStatus": claim.get("status"),
        "isBasedOn": based or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _work(source: Mapping[str, Any]) -> dict[str, Any]:
    told = {"@type": "CreativeWork", "name": source["title"], "datePublished": source.get("date")}
    told["author"] = {"@type": "Person", "name": source["author"]} if source.get("author") else None
    return {key: value for key, value in told.items() if value}


def _bibtex(claim: Mapping[str, Any], title: str, author: str, site: str, address: str) -> str:
    year, month = (*str(claim.get("created") or "").split("-"), "", "")[:2]
    fields = {
        "title": as_it_is(title),
        "author": as_it_is(author),
        "year": year,
        "month": month.lstrip("0"),
        "howpublished": tex(site),
        "note": f"Confidence: {tex(claim['confidence'])}" if claim.get("confidence") else "",
        "url": address,
    }
    return entry(claim["id"][:80], fields)


def _csl(claim: Mapping[str, Any], title: str, author: str, site: str, address: str) -> str:
    parts = [int(part) for part in str(claim.get("created") or "").split("-") if part.isdigit()]
    told = {
        "id": claim["id"],
        "type": "entry",
        "title": title,
        "author": [{"literal": author}] if author else None,
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": site,
        "URL": address,
    }
    return json.dumps([{key: value for key, value in told.items() if value}], ensure_ascii=False, indent=2)


def _one_line(text: str) -> str:
    return " ".join(text.split())
