"""The tables of organisations and people, their one reader and their one writer."""
