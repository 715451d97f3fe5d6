"""What people type about what keeps going wrong, cleaned into terms."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from evenhand.find.app.queries import Taker
from evenhand.find.concern_words import ENDS, WHO

MOST_LETTERS = 1_500
MOST_LETTERS_OF_A_NAME = 120
MOST_LINKS = 1


class ConcernForm(forms.Form):
    """A concern: who says so, what keeps going wrong, with which service, and seen from which practice."""

    body = forms.ChoiceField(error_messages={"required": "Choose which area it is about.",
                                             "invalid_choice": "Choose one of the areas listed."})
    who = forms.ChoiceField(choices=tuple(WHO.items()), error_messages={
        "required": "Choose who you are: one kind is enough, never your name."})
    words = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write what keeps going wrong: a sentence will do.",
        "max_length": "Write less: 1,500 letters are enough to begin with."})
    service = forms.CharField(max_length=MOST_LETTERS_OF_A_NAME, error_messages={
        "required": "Write which service it is about, such as district nursing.",
        "max_length": "Write the name of the service only."})
    practice = forms.CharField(max_length=MOST_LETTERS_OF_A_NAME, required=False, error_messages={
        "max_length": "Write the name or the code of the practice only."})

    def __init__(self, *args: object, takers: Sequence[Taker], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)
        body.choices = [(each.code, each.name) for each in takers]

    def clean_words(self) -> str:
        """Without more addresses of websites than one: that is how advertisements come."""
        words = str(self.cleaned_data["words"])
        if words.casefold().count("http://") + words.casefold().count("https://") > MOST_LINKS:
            raise forms.ValidationError("Leave out addresses of websites; say in your own words what goes wrong.")
        return words

    def clean_practice(self) -> str:
        """The practice's name with single spaces; everybody but the public gives one."""
        practice = " ".join(str(self.cleaned_data["practice"]).split())
        if not practice and self.data.get("who") in ("practice", "pharmacist"):
            raise forms.ValidationError("Write your practice or pharmacy: its name or code. It is shown to nobody but "
                                        "those who answer.")
        return practice

    def clean_service(self) -> str:
        """The service with single spaces, and something in it to be known by."""
        service = " ".join(str(self.cleaned_data["service"]).split())
        if not any(each.isalpha() for each in service):
            raise forms.ValidationError("Write which service it is about, such as district nursing.")
        return service


class EndForm(forms.Form):
    """What becomes of a concern, with words to whoever sent it."""

    end = forms.ChoiceField(choices=tuple(ENDS.items()), error_messages={"required": "Choose what becomes of it."})
    words = forms.CharField(max_length=MOST_LETTERS, error_messages={
        "required": "Write a sentence to whoever sent it. If nothing will be done, say why."})
    joined_to = forms.CharField(max_length=30, required=False)
    case = forms.CharField(max_length=120, required=False)
