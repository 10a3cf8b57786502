"""Copies: which files carry the same recording, and where."""
