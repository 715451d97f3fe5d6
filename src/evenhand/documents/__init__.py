"""Answers and papers as files that people use: Excel, Word, PDF, calendar."""
