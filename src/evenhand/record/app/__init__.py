"""The record on the site: the same three tables, one way to write, and a guard on every connection."""
