"""The pages that cross rooms."""
