"""Exits with 0 where the site at an address answers from its database, with 1 where it does not.

The smallest of the tables is asked for: that takes the server, its threads and the database file, and works where SQL
of the reader's own is switched off. A site that is closed to strangers is as healthy: it answers 403.
"""

from __future__ import annotations

import http.client
import sys
from urllib.parse import urlsplit

QUESTION = "/codex/confidences.json?_size=1&_nofacet=1&_nocount=1"
SECONDS = 5


def status(address: str) -> int:
    """The status of the answer to the question; 503 where there is none within five seconds."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
    try:
        connection.request("GET", QUESTION)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 503
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(status(sys.argv[1]) not in (200, 401, 403))
