"""The words of public pages, and the words that never stand on one."""

from __future__ import annotations

WORDS: tuple[tuple[str, str], ...] = (
    ("Case", "One proposal on its way from the figures that prompted it to proof that it worked, or did not."),
    ("Paper", "What a step leaves behind: a proposal, what people said, a decision. Once left, it is not changed."),
    ("Fingerprint", "A short code worked out from every letter of a paper. Change one letter and it no longer fits."),
    ("Record", "The list of everything entered, each entry covering the one before: nothing goes in or out unseen."),
    ("Gap", "How far a place lies from a comparison, in pounds or items a year: where to look, not money."),
    ("Headroom", "The most that could be gained if a place came level with the comparison. Usually much less can."),
    ("The middle", "The place with as many above it as below. Also called the median."),
    ("Range", "Where the true figure probably lies. Nineteen ranges in twenty hold it."),
    ("Chance", "Figures move by themselves. A difference no larger than that is not a signal."),
    ("Stand aside", "To take no part in an item because one has something to gain or lose by it."),
    ("Quorum", "How many must be able to vote before a body may decide."),
    ("Clear days", "Whole days between two days, neither of them counted: from Monday to Friday there are three."),
    ("Forward plan", "What bodies are going to decide and when, told to everybody beforehand."),
    ("Casting vote", "A vote that decides when as many are for as against; only where a body’s rules give one."),
    ("Put off", "Neither approved nor declined: to be decided later, with the reason. Also called deferred."),
    ("Promise", "Something said in public with an owner and a date, which this site looks for when the date has come."),
    ("Not in the sources we hold", "We do not know. It does not mean no, none or nought."),
    ("To be expected", "What would have come without the change, as far as its own past or places like it show."),
    ("Faded", "Worked at first, and wore off: less than half of the first year's effect was left."),
    ("Return to the usual", "What stood out, high or low, comes back by itself. Also called regression to the mean."),
    ("Before and after", "Such a comparison can be moved by anything else that happened; the page says what did."),
)

NEVER_PUBLIC = ("digest", "gate", "smaa", "chain", "room", "flip weight")
"""House test: none of these stands on a public page; the glossary above has the public word."""

PUBLIC_WORD = {"digest": "fingerprint", "made_from": "made from", "chain": "record"}
"""How the names of fields are said where a paper is shown whole."""
