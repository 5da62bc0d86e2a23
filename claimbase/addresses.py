"""Addresses: where on the site a document's page is."""

from __future__ import annotations

DATABASE = "codex"
_TABLES = {"claim": "claims", "source": "sources"}


def page_of(kind: str, id_: str) -> str:
    """The address of a document's page: that of its table for claims and sources, else in `documents`."""
    return f"/{DATABASE}/{_TABLES.get(kind, 'documents')}/{id_}"
