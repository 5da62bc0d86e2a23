"""Exports: a base in the forms that other programs read, a module each. Each only reads, in one fixed order."""
