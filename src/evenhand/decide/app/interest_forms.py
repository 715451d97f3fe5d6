"""What people write about their interests, cleaned into terms."""

from __future__ import annotations

from datetime import date

from django import forms

from evenhand.decide.app.interest_actions import Stated
from evenhand.decide.conflicts import SAID
from evenhand.decide.interest_dates import read_day
from evenhand.decide.meeting import KINDS, STANDINGS, STEPS

MOST_LETTERS = 2_000
DAY_HINT = "For example, 2 March 2026, or 2026-03 where only the month is known."
KIND_HINTS = {
    "financial": "You may gain or lose money by it: an owner, a partner, an employee.",
    "non-financial professional": "Your standing or career may gain: a post in a professional body, an unpaid adviser.",
    "non-financial personal": "You may gain in another way: a trustee, a patient group you belong to.",
    "indirect": "Somebody close to you has one of these.",
}
WHOSE = (("self", "My own"), ("partner", "My partner’s"), ("family", "A relative’s"),
         ("friend", "A close friend’s or business partner’s"))


class DayField(forms.CharField):
    """A day as people write it."""

    def __init__(self, *, required: bool, missing: str = "") -> None:
        super().__init__(required=required, max_length=40, error_messages={"required": missing})

    def clean(self, value: object) -> date | None:
        """The day. Raises ``ValidationError`` for one that no calendar has."""
        text = super().clean(value)
        if not text:
            return None
        day = read_day(text)
        if day is None:
            raise forms.ValidationError(f"“{text}” is no day. Write it as 2 March 2026.")
        return day


class DeclareForm(forms.Form):
    """An interest of one's own for the register."""

    body = forms.CharField(max_length=200, error_messages={"required": "Say in which body the interest is."})
    part = forms.CharField(max_length=200, error_messages={
        "required": "Say what part is played there: partner in the practice, trustee, employee."})
    kind = forms.ChoiceField(choices=[(kind, kind.capitalize()) for kind in KINDS],
                             error_messages={"required": "Choose what kind of interest it is."})
    standing = forms.ChoiceField(choices=[(each, each.capitalize()) for each in STANDINGS],
                                 error_messages={"required": "Choose whether it is actual, potential or perceived."})
    whose = forms.ChoiceField(choices=WHOSE, error_messages={"required": "Choose whose interest it is."})
    began = DayField(required=False)
    ended = DayField(required=False)
    what = forms.CharField(required=False, max_length=MOST_LETTERS)
    corrects = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def stated(self) -> Stated:
        """What was written, as a statement."""
        given = self.cleaned_data
        return Stated(given["kind"], given["standing"], given["whose"], given["part"], given["body"], given["what"],
                      given["began"], given["ended"])


class EndForm(forms.Form):
    """The last day of an interest."""

    last_day = DayField(required=True, missing="Give the last day of the interest.")


class ReturnForm(forms.Form):
    """The yearly word: nothing, or that what stands is all."""

    nil = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes",
                                 error_messages={"required": "Choose what you are saying.",
                                                 "invalid_choice": "Choose what you are saying."})


class AgreeForm(forms.Form):
    """What was agreed about an interest, and by whom."""

    step = forms.ChoiceField(choices=[(step, f"{SAID[step][:1].upper()}{SAID[step][1:]}") for step in STEPS],
                             error_messages={"required": "Choose what was agreed."})
    agreed_by = forms.CharField(max_length=200, error_messages={"required": "Say who agreed it."})
    words = forms.CharField(required=False, max_length=MOST_LETTERS)


class RulingForm(forms.Form):
    """What the chair ruled for a member on an item, with the reason."""

    member = forms.ChoiceField(error_messages={"required": "Choose of whom the ruling is.",
                                               "invalid_choice": "Choose a member of this meeting."})
    step = forms.ChoiceField(choices=[(step, f"{SAID[step][:1].upper()}{SAID[step][1:]}") for step in STEPS],
                             error_messages={"required": "Choose what was ruled."})
    reason = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write the reason: it stands in the minutes."})

    def __init__(self, *args: object, names: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(names.items())


class SettleForm(forms.Form):
    """Whether two names mean one body, and how that is known."""

    key = forms.IntegerField(min_value=1, max_value=2**62)
    name = forms.CharField(max_length=200)
    same = forms.TypedChoiceField(choices=[("yes", "The same"), ("no", "Not the same")],
                                  coerce=lambda value: value == "yes",
                                  error_messages={"required": "Choose whether they are one."})
    why = forms.CharField(max_length=MOST_LETTERS, error_messages={"required": "Say in a sentence how you know."})
