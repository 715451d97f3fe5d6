"""Meetings: items, interests, votes. Their tables, one reader, one writer, and pages."""
