"""Leads: what a machine proposes and a person must accept."""
