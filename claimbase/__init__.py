"""Claimbase: a folder of Markdown claims, flattened into one SQLite database."""

__version__ = "0.1.0"
