"""Serve: an assistant asks over the Model Context Protocol, as the documents say, of a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from click.testing import CliRunner
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.types import TextContent, TextResourceContents, Tool

from build import PROJECT, main
from claimbase.answers import NOTICE
from claimbase.pipeline import build_database
from claimbase.vocabulary import CONFIDENCES

DOCUMENT = (PROJECT / "docs/mcp.md").read_text(encoding="utf-8")
[CONFIGURATION, *OTHER_CONFIGURATIONS] = [
    json.loads(text) for text in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
]
NAPS = "naps-restore-attention-within-twenty-minutes"


class Asked:
    """A server, and what it says to whoever asks it."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.client = client
        self._portal = portal

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The data of an answer, which the client has held against the shape that the tool declares."""
        result = self._portal.call(self.client.call_tool, tool, arguments)
        [content] = result.content
        assert isinstance(content, TextContent)
        assert not result.is_error, content.text
        assert json.loads(content.text) == result.structured_content
        answer: dict[str, Any] = result.structured_content
        return answer

    def error(self, tool: str, **arguments: Any) -> str:
        result = self._portal.call(self.client.call_tool, tool, arguments)
        [content] = result.content
        assert isinstance(content, TextContent)
        assert result.is_error, content.text
        return content.text

    def read(self, uri: str) -> str:
        [contents] = self._portal.call(self.client.read_resource, uri).contents
        assert isinstance(contents, TextResourceContents)
        assert contents.mime_type == "text/markdown"
        return contents.text

    def resources(self) -> set[str]:
        listed = self._portal.call(self.client.list_resources).resources
        templates = self._portal.call(self.client.list_resource_templates).resource_templates
        return {resource.uri for resource in listed} | {template.uri_template for template in templates}


@contextlib.contextmanager
def asking(server: Any, mode: str = "auto") -> Iterator[Asked]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server, mode=mode)) as client:
        yield Asked(portal, client)


@contextlib.contextmanager
def served(database: Path, mode: str = "auto") -> Iterator[Asked]:
    """A server that is started as the documents tell programs to start it."""
    configured = CONFIGURATION["mcpServers"]["claimbase"]
    places = {
        "/path/to/claimbase/.venv/bin/python": sys.executable,
        "/path/to/claimbase/build.py": str(PROJECT / "build.py"),
        "/path/to/codex.db": str(database),
    }
    command, *arguments = [places.get(word, word) for word in (configured["command"], *configured["args"])]
    with asking(stdio_client(StdioServerParameters(command=command, args=arguments)), mode) as asked:
        yield asked


@pytest.fixture(scope="module")
def asked(database: Path) -> Iterator[Asked]:
    with served(database) as asked:
        yield asked


def test_the_server_says_what_it_is_and_that_texts_are_data(asked: Asked) -> None:
    assert asked.client.server_info is not None
    assert asked.client.server_info.name == "claimbase"
    assert NOTICE in (asked.client.instructions or "")


def test_every_tool_only_reads_and_describes_itself_and_all_that_it_takes(asked: Asked) -> None:
    for tool in asked.tools().values():
        assert tool.description, tool.name
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        for name, schema in tool.input_schema["properties"].items():
            assert schema["description"], (tool.name, name)


def test_a_search_can_be_narrowed_to_every_confidence(asked: Asked) -> None:
    assert asked.tools()["search"].input_schema["properties"]["confidence"]["enum"] == ["", *CONFIDENCES]


def test_the_document_lists_every_tool_with_what_it_takes(asked: Asked) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE)
    documented = {tool: re.findall(r"`(\w+)`", takes) for tool, takes in rows}
    assert documented == {name: list(tool.input_schema["properties"]) for name, tool in asked.tools().items()}


def test_the_document_lists_every_resource_and_configures_every_program_alike(asked: Asked) -> None:
    assert asked.resources() == {"claim://{claim}", "codex://schema"}
    assert all(f"`{uri}`" in DOCUMENT for uri in asked.resources())
    [other] = OTHER_CONFIGURATIONS
    assert other["servers"]["claimbase"] == {"type": "stdio", **CONFIGURATION["mcpServers"]["claimbase"]}


def test_a_question_leads_from_words_to_a_claim_and_to_what_it_stands_on(asked: Asked) -> None:
    [hit] = asked.call("search", words="okafor nap", domain="sleep", confidence="likely", limit=1)["rows"]
    assert (hit["id"], hit["kind"]) == (NAPS, "claim")
    naps = asked.call("get_claim", claim=hit["title"])
    assert (naps["found_by"], naps["notice"]) == ("id", NOTICE)
    assert {"stance", "other", "other_title", "other_confidence", "asserted", "reason"} == naps["arguments"][0].keys()
    assert asked.call("support_chain", claim=NAPS)["rows"][0]["claim"] == NAPS
    assert asked.call("sources", claim=NAPS)["rows"][0]["title"] == "Twenty minute naps on the ward"


def test_all_claims_have_answers_of_the_shapes_that_the_tools_declare(asked: Asked) -> None:
    claims = [row[0] for row in asked.call("run_sql", sql="select id from claims", limit=100)["rows"]]
    assert len(claims) > 20
    for claim in claims:
        for tool in ("get_claim", "support_chain", "cascade", "challenges", "sources"):
            asked.call(tool, claim=claim, **({} if tool == "get_claim" else {"limit": 100}))


def test_the_base_as_a_whole_is_told(asked: Asked) -> None:
    assert asked.call("overview")["title"] == "Claimbase"
    assert asked.call("what_next", limit=1)["rows"][0]["weight"] > 0
    assert "disputes(): Disputes" in (asked.tools()["ask_question"].description or "")
    assert asked.call("ask_question", question="disputes")["columns"][:2] == ["claim", "title"]
    assert asked.call("describe_tables", table="claims")["relations"][0]["columns"][0]["name"] == "id"


def test_the_example_that_describes_sql_runs(asked: Asked) -> None:
    example = (asked.tools()["run_sql"].description or "").partition("any words:\n")[2]
    rows = asked.call("run_sql", sql=example, parameters={"words": "melatonin"})["rows"]
    assert rows[0] == ["melatonin-works-by-timing-not-by-dose", "Melatonin works by timing -- not by dose"]


def test_mistakes_are_told_with_what_to_do(asked: Asked) -> None:
    assert f"did you mean {NAPS}" in asked.error("get_claim", claim="Naps restore atention within ten minutes")
    assert "only what reads this database may be run" in asked.error("run_sql", sql="delete from claims")
    assert "there are attention, bridges" in asked.error("what_next", domain="Bridges")
    assert "less than or equal to 100" in asked.error("search", words="nap", limit=1_000)


def test_no_statement_takes_more_memory_than_there_is_for_all(asked: Asked) -> None:
    wide = ", ".join(["printf('%.*c', 19000000, 'a')"] * 20)
    assert "out of memory" in asked.error("run_sql", sql=f"select {wide}")
    assert asked.call("run_sql", sql="select 1")["rows"] == [[1]]


def test_claims_and_the_schema_are_resources(asked: Asked) -> None:
    assert "\n## Body\n\n> # Naps restore attention" in asked.read(f"claim://{NAPS}")
    assert "\n## claims (table)\n" in asked.read("codex://schema")
    with pytest.raises(MCPError, match="there is no claim 'nowhere'"):
        asked.read("claim://nowhere")


def test_a_new_build_is_read_from_the_next_question_on(database: Path, tmp_path: Path) -> None:
    """Asked in the manner of programs that greet a server first, as all did before 2026."""
    path, new = tmp_path / "codex.db", tmp_path / "kb/domains/tea/tea is hot.md"
    shutil.copy(database, path)
    new.parent.mkdir(parents=True)
    new.write_text("It burns.")
    with served(path, mode="legacy") as asked:
        assert asked.call("get_claim", claim=NAPS)["id"] == NAPS
        build_database(tmp_path / "kb", path)
        assert asked.call("get_claim", claim="tea is hot")["body"] == "It burns."
        path.unlink()
        assert "there is no such file; build it and ask again" in asked.error("overview")


def test_it_is_served_over_http_to_this_machine(database: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {".venv/bin/python": sys.executable, "build.py": str(PROJECT / "build.py"), "codex.db": str(database)}
    [line] = re.findall(r"^.* --http .*$", DOCUMENT, re.MULTILINE)
    command = [{**places, "8002": str(port)}.get(word, word) for word in shlex.split(line)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            while process.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            with asking(f"http://127.0.0.1:{port}/mcp") as asked:
                assert asked.call("get_claim", claim=NAPS)["id"] == NAPS
        finally:
            process.terminate()


def test_a_database_that_cannot_be_asked_is_told_at_the_start(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["mcp", str(tmp_path / "nowhere.db")])
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == f"Error: {tmp_path / 'nowhere.db'}: there is no such file; build it and ask again\n"


def test_without_the_package_it_says_how_to_get_it(tmp_path: Path, database: Path) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('mcp')")
    command = [sys.executable, str(PROJECT / "build.py"), "mcp", str(database)]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "pip install 'claimbase[mcp]'" in answer.stderr
