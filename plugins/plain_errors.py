"""Plain errors: what goes wrong is told as Python tells it, whatever else is installed.

Where the package rich is there, Datasette prints each refusal, such as a page that is not found, with the values of all
variables. That takes a tenth of a second, shows in the log what was asked, and itself fails where nothing was raised.
"""

from __future__ import annotations

from datasette import handle_exception, hookimpl


@hookimpl
def startup() -> None:
    """Has Datasette do without rich."""
    handle_exception.rich = None
