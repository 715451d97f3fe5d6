"""Numbers that look like patients' are seen however few they are, and codes that only look like them are not."""

import pyarrow as pa
import pytest

from evenhand.data.personal import signs_in_columns

# The Data Dictionary's own example of a check digit, and others that fit by the same sum.
FITTING = ("9434765919", "4010232137", "9876543210")


def seen(values):
    return [each.what for each in signs_in_columns(pa.table({"area": values}), file="f.csv")]


@pytest.mark.parametrize("values", [
    list(FITTING[:2]), ["North", FITTING[0], "South", FITTING[1], "East", "West"], ["North", "943 476 5919", "South"],
    ["Mrs Smith 943 476 5919", "Mr B 401 023 2137"], [int(each) for each in FITTING]])
def test_a_few_numbers_that_fit_are_enough(values):
    assert seen(values) == ["this column looks like NHS numbers: the check digits fit"]


@pytest.mark.parametrize("values", [
    ["9434765918", "4010232138"], ["E54000058", "QJ2", "15M"], [9434765919, 120, 4500, 77], ["1234567890", "x"],
    ["I rang and gave 943 476 5919 as they asked", "x"], [1.5, 2.5], ["9434765919"], [], ["0407010Q0AAAAAA"]])
def test_codes_sums_of_money_and_one_number_alone_are_not(values):
    assert seen(values) == []
