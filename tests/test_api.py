"""The guide at `/api` and `/llms.txt`: every example on it is run, by the program it is written for."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import requests
from datasette.app import Datasette

from claimbase.pipeline import build_database
from tests.conftest import open_site

CHAIN = "a-chain-of-thought-can-leave-out-what-actually-decided-the-answer"


def needs(program: str) -> str:
    """The path of a program; without it the test is skipped."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@pytest.fixture(scope="module")
def guide(sample_address: str) -> str:
    return requests.get(f"{sample_address}/api", timeout=60).text


def examples(guide: str, language: str) -> list[str]:
    found = re.findall(rf'<pre><code class="language-{language}">(.*?)</code></pre>', guide, re.DOTALL)
    return [html.unescape(example) for example in found]


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_in_curl_run(guide: str, tmp_path: Path) -> None:
    lines = [line for example in examples(guide, "sh") for line in example.splitlines()]
    found, claim, nothing, table, graphql = [
        run(tmp_path, needs("bash"), "-euc", line.replace("curl ", f"{needs('curl')} --silent --show-error --fail "))
        for line in lines
    ]
    assert CHAIN in [row["id"] for row in json.loads(found)]
    assert json.loads(claim)[0]["id"] == CHAIN
    assert json.loads(claim)[0]["arguments"][0].keys() == {"stance", "claim", "title", "confidence", "asserted"}
    assert nothing == ""
    downloaded = list(csv.DictReader(io.StringIO((tmp_path / "claims.csv").read_text(encoding="utf-8"))))
    counted = {row["domain"]: int(row["claims"]) for row in csv.DictReader(io.StringIO(table))}
    assert sum(counted.values()) == len(downloaded)
    assert json.loads(graphql)["data"]["search"]["totalCount"] >= 1


def test_the_example_in_python_runs(guide: str, tmp_path: Path) -> None:
    [example] = examples(guide, "python")
    answer = run(tmp_path, sys.executable, "-c", example)
    assert "A chain of thought can leave out what actually decided the answer" in answer
    assert re.search(r"^ai-alignment +experimental +\d+$", answer, re.MULTILINE)


def test_the_example_in_javascript_runs(guide: str, sample_address: str, tmp_path: Path) -> None:
    [example] = examples(guide, "javascript")
    *claims, number = run(tmp_path, needs("node"), "--input-type=module", "--eval", example).splitlines()
    assert "proven A chain of thought can leave out what actually decided the answer" in claims
    assert int(number) == len(
        requests.get(f"{sample_address}/codex/claims.json?_shape=array&_size=max", timeout=60).json()
    )


def test_the_example_in_r_runs_or_at_least_its_requests_do(guide: str, tmp_path: Path) -> None:
    [example] = examples(guide, "r")
    [base] = re.findall('base <- "(.*?)"', example)
    growth, claims = [
        requests.get(base + path, timeout=60) for path in re.findall('paste0\\(base, "(.*?)"\\)', example)
    ]
    assert {"month", "total"} <= growth.json()[0].keys()
    assert {"domain", "confidence"} <= set(claims.text.splitlines()[0].split(","))
    if shutil.which("Rscript"):
        run(tmp_path, needs("Rscript"), "-e", example)


def test_the_example_in_graphql_runs(guide: str, sample_address: str) -> None:
    [example] = examples(guide, "graphql")
    answer = requests.post(f"{sample_address}/graphql", json={"query": example}, timeout=60).json()
    assert answer["data"]["claim"]["title"] == "A chain of thought can leave out what actually decided the answer"


def test_every_request_of_the_guide_answers_with_rows(guide: str, sample_address: str) -> None:
    table = guide[guide.index('id="requests"') : guide.index('id="examples"')]
    requested = [html.unescape(link) for link in re.findall('<a href="(/codex/.*?)"', table)]
    assert len(requested) == 9
    for link in requested:
        answer = requests.get(sample_address + link, timeout=60)
        assert answer.status_code == 200, link
        assert len(answer.json() if ".json" in link else answer.text.splitlines()[1:]) > 0, link


async def test_the_examples_name_the_host_that_was_asked_and_the_scheme_that_a_proxy_tells(site: Datasette) -> None:
    for address in ("/api", "/llms.txt"):
        told = (await site.client.get(address, headers={"host": "claims.example"})).text
        assert "http://claims.example/codex" in told
        assert "localhost" not in told


def test_behind_a_proxy_that_ends_tls_the_examples_are_of_https(sample_address: str) -> None:
    proxied = {"host": "claims.example", "x-forwarded-proto": "https"}
    assert "https://claims.example/codex" in requests.get(f"{sample_address}/api", headers=proxied, timeout=60).text


async def test_every_link_of_llms_txt_leads_somewhere(sample_site: Datasette) -> None:
    text = (await sample_site.client.get("/llms.txt")).text
    links = re.findall(r"^- \[.*?\]\((http://localhost/\S*?)\)(?=[:\n]|$)", text, re.MULTILINE)
    assert len(links) > 100
    for link in links:
        response = await sample_site.client.get("?".join(filter(None, urlsplit(link)[2:4])))
        assert response.status_code == 200, link


async def test_llms_txt_has_the_shape_that_models_are_promised(sample_site: Datasette) -> None:
    response = await sample_site.client.get("/llms.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert [lines[0], lines[2][:2]] == ["# Claimbase", "> "]
    headings = [line for line in lines if line.startswith("#")]
    assert headings == ["# Claimbase", "## How to read it", "## Questions", "## Tables and views", "## Optional"]
    assert "&#39;" not in response.text
    [search] = [line for line in lines if "/codex/claims_by.json):" in line]
    assert search.endswith("Parameters: `q`, `domain`, `confidence`, `limit`, `offset`.")


async def test_a_base_without_a_claim_has_a_guide_without_examples(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/readme.md").write_text("Nothing yet.")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    site = open_site(tmp_path / "codex.db")
    assert "The base holds no claim yet" in (await site.client.get("/api")).text
    assert "## Questions" in (await site.client.get("/llms.txt")).text


async def test_a_base_in_another_script_has_examples_that_answer(tmp_path: Path) -> None:
    claim = tmp_path / "kb/domains/睡眠/昼寝.md"
    claim.parent.mkdir(parents=True)
    claim.write_text("---\ntype: claim\ntitle: 昼寝は 注意力を 回復させる\n---\n", encoding="utf-8")
    agent = tmp_path / "kb/agents/花子/identity.md"
    agent.parent.mkdir(parents=True)
    agent.write_text("# 花子\n", encoding="utf-8")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    site = open_site(tmp_path / "codex.db")
    guide = (await site.client.get("/api")).text
    titles = [(await site.client.get(f"/codex/{table}.json?_shape=array")).json() for table in ("domains", "agents")]
    assert [(row.get("title"), row.get("name")) for rows in titles for row in rows] == [("睡眠", None), (None, "花子")]
    for link in re.findall('<a href="(/codex/[^"]*)"', guide):
        assert (await site.client.get(unquote(html.unescape(link)))).status_code == 200, link
