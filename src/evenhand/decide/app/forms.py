"""What members type, cleaned into terms."""

from __future__ import annotations

from django import forms

from evenhand.decide.meeting import KINDS, STANDINGS

MOST_LETTERS = 2_000
CHOICES = (("for", "For"), ("against", "Against"), ("abstain", "Abstain"))


class InterestForm(forms.Form):
    """An interest of one's own in a body that an item touches."""

    kind = forms.ChoiceField(choices=[(kind, kind.capitalize()) for kind in KINDS],
                             error_messages={"required": "Choose what kind of interest it is."})
    standing = forms.ChoiceField(choices=[(each, each.capitalize()) for each in STANDINGS],
                                 error_messages={"required": "Choose whether it is actual, potential or perceived."})
    whose = forms.ChoiceField(choices=[("self", "My own"), ("partner", "My partner’s"), ("family", "A relative’s"),
                                       ("friend", "A close friend’s or business partner’s")],
                              error_messages={"required": "Choose whose interest it is."})
    body = forms.ChoiceField(error_messages={"required": "Choose the body the interest is in."})
    part = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: object, bodies: tuple[str, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["body"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(body, body) for body in bodies]


class VoteForm(forms.Form):
    """A vote, with its reason."""

    choice = forms.ChoiceField(choices=CHOICES, error_messages={"required": "Choose for, against or abstain."})
    reason = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Give your reason in a sentence. It is published with the vote when the item is closed."})
    dissent = forms.BooleanField(required=False)


class ClosingForm(forms.Form):
    """Closing a vote, with the reasons of the body as a whole."""

    reasons = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Say in a sentence or two why the body decided as it did. It stands on the public page."})
