"""Adds two sample observations to the demo's case. Usage: python -m scripts.sample_case.observe CASE USER."""
