"""Copies: which files carry the same recording, where, and how each was changed."""
