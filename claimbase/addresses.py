"""Addresses: where on the site a document's page is."""

from __future__ import annotations

DATABASE = "codex"
_TABLES = {"claim": "claims", "source": "sources", "belief": "beliefs"}


def page_of(kind: str, id_: str) -> str:
    """The address of a document's page: in the table of claims, sources or beliefs, else in `documents`."""
    return f"/{DATABASE}/{_TABLES.get(kind, 'documents')}/{id_}"
