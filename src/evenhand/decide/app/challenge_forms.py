"""What people type about challenges, cleaned into terms."""

from __future__ import annotations

from django import forms

from evenhand.decide.app.challenge_actions import OUTCOMES
from evenhand.decide.challenge_routes import GROUNDS, routes

MOST_LETTERS, MOST_LETTERS_OF_A_NAME = 4_000, 200
A_DAY = "Write a day, such as 21 November 2026 or 2026-11-21."
DAYS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y")


class ChallengeForm(forms.Form):
    """A challenge as it came."""

    route = forms.ChoiceField(choices=[(each.id, each.title) for each in routes()], error_messages={
        "required": "Choose the way in which it came."})
    grounds = forms.MultipleChoiceField(choices=tuple(GROUNDS.items()), error_messages={
        "required": "Choose what is said to be wrong.", "invalid_choice": "Choose from the list."})
    by_whom = forms.CharField(max_length=MOST_LETTERS_OF_A_NAME, error_messages={
        "required": "Write which body it is, or “a member of the public”.", "max_length": "Write less."})
    what = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write what they say is wrong.", "max_length": "Write less: 4,000 letters are enough."})
    received = forms.DateField(input_formats=DAYS, error_messages={"required": A_DAY, "invalid": A_DAY})
    answer_due = forms.DateField(input_formats=DAYS, error_messages={"required": A_DAY, "invalid": A_DAY})


class AnswerForm(forms.Form):
    """The answer to a challenge."""

    words = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write the answer.", "max_length": "Write less: 4,000 letters are enough."})


class EndingForm(forms.Form):
    """How a challenge ended."""

    outcome = forms.ChoiceField(choices=tuple(OUTCOMES.items()), error_messages={"required": "Choose how it ended."})
    consequence = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write what it led to; “nothing changed” is an answer.", "max_length": "Write less."})
