"""The record: sealed papers, one chain of entries a subject, and words that can be erased without breaking a chain."""

from evenhand.record.casefile import CaseFile, case_file, case_in
from evenhand.record.chain import Break, verify
from evenhand.record.entry import Draft, Entry, Words
from evenhand.record.reading import Kept
from evenhand.record.workspace import Record, Workspace

__all__ = [
    "Break", "CaseFile", "Draft", "Entry", "Kept", "Record", "Words", "Workspace", "case_file", "case_in", "verify",
]
