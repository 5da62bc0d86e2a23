"""Extract front matter and links as quick scripts do: by regular expression, into JSON, with nothing resolved.

python -m benchmarks.regex_extract FOLDER OUTPUT
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PAIR = re.compile(r"^(\w+): *(.*)$", re.MULTILINE)
_LINK = re.compile(r"\[\[([^\]|#]+)")


def extract(text: str) -> dict[str, object]:
    """The keys of the front matter with their values as text, the links, and the body."""
    match = _FRONT_MATTER.match(text)
    head, body = match.groups() if match else ("", text)
    return {"fields": dict(_PAIR.findall(head)), "links": _LINK.findall(text), "body": body}


def main(folder: Path, output: Path) -> None:
    """Writes what can be extracted from every Markdown file under a folder."""
    found = {str(path): extract(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.md"))}
    output.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
