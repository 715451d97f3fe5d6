"""The pages of choosing: bring your list."""
