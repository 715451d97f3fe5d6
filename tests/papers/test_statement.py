"""A statement of backing is of one version, with its reasons; conditions only where it is backed on them."""

import pytest

from evenhand.papers import Body, Header, Statement, opened, seal


def statement(**other):
    return Statement(**{"header": Header(subject="case/ward-3", proposal_version=2), "by": Body("Region", "R"),
                        "outcome": "backed", "reasons": "The teams come first.", **other})


def test_it_is_sealed_and_opened_again_as_it_was():
    one = statement(outcome="backed on conditions", conditions=("A look in January",), supports=("Two clinicians",))
    assert opened(seal(one).bytes) == one


@pytest.mark.parametrize(("wrong", "said"), [
    ({"header": Header(subject="case/ward-3")}, "one version of a proposal"), ({"reasons": " "}, "gives its reasons"),
    ({"outcome": "backed on conditions"}, "has them"), ({"conditions": ("A look",)}, "no other has")])
def test_what_would_make_it_worthless_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        statement(**wrong)
