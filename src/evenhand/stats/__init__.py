"""Arithmetic that two or more rooms need: plain functions on arrays, each with its source."""
