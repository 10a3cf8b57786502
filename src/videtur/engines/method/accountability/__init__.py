"""Calls, commitments and requests for comment: what came of them, by rules that show what they rest on."""
