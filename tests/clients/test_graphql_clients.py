"""Real clients ask a real server: gql and requests from Python, and TypeScript with types made from the schema."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
import requests
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport

from build import PROJECT
from tests.conftest import PATIENCE

TYPESCRIPT = Path(__file__).parent / "typescript"
PAGE = (PROJECT / "docs/graphql.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("client", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL), ids=["gql", "requests"])
def test_the_documented_clients_in_python_run(sample_address: str, client: str) -> None:
    written = StringIO()
    with redirect_stdout(written):
        exec(client.replace("http://127.0.0.1:8001", sample_address), {})  # noqa: S102 - our own document
    assert len(written.getvalue()) > 100


def test_gql_checks_what_it_asks_by_the_schema_and_pages_to_the_last_claim(sample_address: str) -> None:
    transport = HTTPXTransport(url=f"{sample_address}/graphql")
    query = gql(next((PROJECT / "plugins/graphql/examples").glob("*-claims.graphql")).read_text(encoding="utf-8"))
    ids: list[str] = []
    with Client(transport=transport, fetch_schema_from_transport=True) as session:
        after = None
        while after is not None or not ids:
            query.variable_values = {"after": after}
            page = session.execute(query)["claimList"]
            ids += [claim["id"] for claim in page["nodes"]]
            after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        assert len(ids) == len(set(ids)) == page["totalCount"] > 40
        with pytest.raises(TransportQueryError, match="`first` is 0, and has to be from 1 to 1000"):
            session.execute(gql("{ claimList(first: 0) { totalCount } }"))


def test_requests_gets_what_was_wrong_as_json(sample_address: str) -> None:
    answer = requests.post(f"{sample_address}/graphql", json={"query": "{ clam { id } }"}, timeout=PATIENCE)
    assert answer.status_code == 400
    assert "Cannot query field 'clam' on type 'Query'." in answer.json()["errors"][0]["message"]


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder with the packages of the client in TypeScript, as its lock file names them."""
    if not shutil.which("npm"):
        pytest.skip("no npm is installed (`apt install npm`)")
    lock = hashlib.sha256((TYPESCRIPT / "package-lock.json").read_bytes()).hexdigest()
    stamp = TYPESCRIPT / "node_modules" / ".installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != lock:
        install = ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"]
        told = subprocess.run(  # noqa: S603 - our own words
            install, cwd=TYPESCRIPT, capture_output=True, text=True, timeout=300, check=False
        )
        if told.returncode:
            pytest.skip(f"npm cannot fetch the packages: {told.stderr.strip()[-200:]}")
        stamp.write_text(lock, encoding="utf-8")
    return TYPESCRIPT / "node_modules"


def test_a_client_in_typescript_compiles_with_types_made_from_the_schema_and_runs(
    sample_address: str, packages: Path, tmp_path: Path
) -> None:
    for name in ("generate.mjs", "package.json", "tsconfig.json", "src"):
        source = TYPESCRIPT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(packages)
    schema = tmp_path / "codex.graphql"
    schema.write_bytes(requests.get(f"{sample_address}/graphql/codex.graphql", timeout=PATIENCE).content)
    queries = PROJECT / "plugins/graphql/examples"
    for words in (
        ["node", "generate.mjs", str(schema), str(queries), "src/generated.ts"],
        ["node", "node_modules/typescript/bin/tsc"],
        ["node", "dist/main.js", sample_address],
    ):
        told = subprocess.run(  # noqa: S603 - our own words
            words, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr
    found = json.loads(told.stdout)
    assert found["claims"] == found["grown"] > 40
    assert found["found"] is True
    assert found["body"] == "string"
    assert found["contributors"] > 0
    assert found["refused"].startswith("`after` is no cursor of this list")
