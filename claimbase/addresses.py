"""Addresses: where on the site a document's page is."""

from __future__ import annotations

DATABASE = "codex"
# The tables whose rows have pages, and what one of their rows is called there.
ROW_PAGES = {
    "agents": "agent",
    "beliefs": "belief",
    "claims": "claim",
    "contributors": "contributor",
    "documents": "document",
    "domains": "domain",
    "entities": "entity",
    "sources": "source",
}
_TABLES = {name: table for table, name in ROW_PAGES.items() if name != "agent"}


def page_of(kind: str, id_: str) -> str:
    """The address of a document's page: in the table of its kind where that has one, else in `documents`.

    A document of the kind `agent` is one of the files in an agent's folder, and no agent.
    """
    return f"/{DATABASE}/{_TABLES.get(kind, 'documents')}/{id_}"
