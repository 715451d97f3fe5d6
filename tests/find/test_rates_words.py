"""What rates say of few groups, of equal ones, and of groups whose name the answer needs itself."""

import pytest

from evenhand.find import rates
from evenhand.terms import Refused


def test_where_only_one_group_has_a_value_it_is_neither_highest_nor_lowest():
    answer = rates({"area": ["A", "B"], "numerator": [None, 5], "denominator": [100, 100]}, by=["area"])
    assert answer.sentence == "Of 2 groups, only B has a crude rate: 5,000 per 100,000 (95% interval 1,623 to 11,668)."


def test_equal_groups_have_no_highest():
    answer = rates({"area": ["A", "B"], "numerator": [5, 5], "denominator": [100, 100]}, by=["area"])
    assert answer.sentence == "2 groups have the same crude rate, 5,000 per 100,000."


def test_rows_are_said_to_be_added_up_to_one_group():
    assert "2 rows were added up to 1 group." in rates({"numerator": [5, 6], "denominator": [100, 90]}).remarks


@pytest.mark.parametrize("by", [["value"], ["area", "area"], ["Numerator"]])
def test_a_group_cannot_take_a_column_of_the_answer(by):
    table = {"area": ["A", "B"], "value": ["x", "y"], "numerator": [5, 6], "denominator": [100, 90]}
    with pytest.raises(Refused, match="already has a column of this name"):
        rates(table, by=by)


def test_all_missing_columns_are_named_at_once_and_neither_as_the_other():
    with pytest.raises(Refused) as caught:
        rates({"area": ["A"], "age_band": ["0-4"]})
    assert len(caught.value.problems) == 2
    with pytest.raises(Refused) as caught:
        rates({"area": ["A"], "denominator": [3]})
    assert "numerator=denominator" not in str(caught.value)


def test_settings_are_read_in_python_as_they_are_typed():
    table = {"area": ["A", "B"], "numerator": [5, 6], "denominator": [100, 90]}
    assert rates(table, by="area", confidence=0.9).settings == rates(table, by=["area"], confidence=[0.9]).settings
    for wrong in ({"per": "x"}, {"method": "magic"}, {"confidence": "high"}, {"confidence": [0.9, "y"]}):
        with pytest.raises(Refused):
            rates(table, **wrong)
