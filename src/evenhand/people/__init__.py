"""Organisations, their mergers and splits, the people in them, and who may do what."""
