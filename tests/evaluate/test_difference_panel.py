"""Bad panels: every one refused or handled in words, and none answered falsely."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.cli import main
from evenhand.evaluate import difference
from evenhand.figures import Answer
from evenhand.terms import Refused

STARTS = {"ash": None, "beech": None, "cedar": None, "elm": 3, "fir": 3, "oak": 4}
NOISE = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7]


def panel(starts: dict[str, Any] | None = None, periods: int = 5) -> dict[str, list[Any]]:
    starts = STARTS if starts is None else starts
    names = list(starts)
    return {
        "unit": [name for name in names for _ in range(periods)],
        "time": list(range(1, periods + 1)) * len(names),
        "outcome": [float(NOISE[place % 30]) for place in range(periods * len(names))],
        "first_treated": [starts[name] for name in names for _ in range(periods)],
    }


def without(table: dict[str, list[Any]], *rows: int) -> dict[str, list[Any]]:
    return {name: [cell for place, cell in enumerate(cells) if place not in rows] for name, cells in table.items()}


def refusal(table: Any, **options: Any) -> str:
    with pytest.raises(Refused) as caught:
        difference(table, **options)
    return str(caught.value)


def remarks(answer: Answer) -> str:
    return " ".join(answer.remarks)


# --- what is refused ----------------------------------------------------------------------------------------


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    table = panel()
    del table["outcome"]
    said = refusal(table)
    assert "there is no column “outcome”" in said
    assert "first_treated" in said


def test_a_unit_that_stands_twice_at_one_time_is_refused_by_row() -> None:
    table = panel()
    doubled = {name: [*cells, cells[7]] for name, cells in table.items()}
    assert "row 8 is for the same unit and time" in refusal(doubled)
    assert "beech" in refusal(doubled)


def test_a_start_that_changes_within_a_unit_is_refused() -> None:
    table = panel()
    table["first_treated"][16] = 4
    said = refusal(table)
    assert "row 16 gives this unit another start: “3”" in said
    table["first_treated"][16] = None
    assert "switched off or on again, this method has no answer" in refusal(table)


def test_treatment_that_is_switched_off_again_is_refused() -> None:
    table = panel()
    on = [0] * 15 + [0, 0, 1, 0, 1] + [0, 0, 1, 1, 1] + [0, 0, 0, 1, 1]
    said = refusal({**table, "exposed": on}, treated="exposed")
    assert "treatment of elm was switched off again" in said


def test_a_status_that_is_neither_yes_nor_no_is_refused() -> None:
    table = {**panel(), "exposed": ["perhaps"] + ["no"] * 29}
    assert "this says neither yes nor no" in refusal(table, treated="exposed")


def test_words_for_numbers_are_refused_by_cell() -> None:
    table = panel()
    table["outcome"][3] = "about six"
    said = refusal(table)
    assert "this is not a number" in said
    assert "about six" in said


def test_a_start_that_is_no_time_is_refused() -> None:
    table = panel({**STARTS, "oak": "spring"})
    assert "this is no time like those of time" in refusal(table)
    assert "spring" in refusal(table)


def test_a_unit_without_a_name_is_refused() -> None:
    table = panel()
    table["unit"][2] = ""
    assert "name the unit" in refusal(table)


def test_negative_weights_are_refused() -> None:
    assert "negative" in refusal({**panel(), "people": [-1.0] * 30}, weights="people")


def test_a_panel_in_which_nobody_begins_is_refused() -> None:
    assert "no unit begins within the series" in refusal(panel(dict.fromkeys(STARTS)))
    assert "no unit begins within the series" in refusal(panel({**dict.fromkeys(STARTS), "oak": 9}))


def test_a_panel_in_which_everybody_begins_is_refused_with_a_way_out() -> None:
    said = refusal(panel({"ash": 3, "beech": 3, "elm": 4, "oak": 5}))
    assert "every unit is treated in the end" in said
    assert "--control not-yet" in said


def test_a_panel_in_which_all_begin_at_once_is_refused() -> None:
    together = panel({"ash": 3, "beech": 3, "elm": 3})
    assert "this method has no answer (see evaluate interrupted)" in refusal(together)
    assert "every unit begins at the same time" in refusal(together, control="not-yet")


def test_a_panel_treated_from_the_first_period_on_is_refused() -> None:
    assert "every unit is treated from the first period on" in refusal(panel({"ash": 1, "elm": 1}))


def test_one_period_is_refused() -> None:
    assert "two periods at the least" in refusal(panel(STARTS, periods=1))


def test_settings_that_cannot_be_are_refused() -> None:
    assert "0.5 to 0.999 sure" in refusal(panel(), confidence=95)
    assert "0 or more periods early" in refusal(panel(), anticipation=-1)
    assert "given as --unit already" in refusal(panel(), outcome="unit")
    assert "99 to 100,000" in refusal(panel(), draws=1)
    assert "choose from drop, keep" in refusal(panel(), gaps="fill")
    assert "a seed is 0 or more" in refusal(panel(), seed=-1)


def test_a_start_below_nought_is_refused() -> None:
    said = refusal(panel({**STARTS, "ash": -1}))
    assert "this start lies below nought, and the times do not" in said


def test_weights_that_are_all_nought_are_refused() -> None:
    assert "every weight is nought" in refusal({**panel(), "people": [0] * 30}, weights="people")


def test_covariates_that_are_the_same_everywhere_or_say_one_thing_twice_are_refused() -> None:
    table = {**panel(), "size": [float(place // 5) for place in range(30)], "flat": [4.0] * 30}
    table["twice"] = [2 * size + 1 for size in table["size"]]
    assert "this covariate is the same everywhere" in refusal(table, covariates=("flat",))
    assert "say the same thing as others" in refusal(table, covariates=("size", "twice"))
    table["size"][0] = "large"
    assert "this is not a number" in refusal(table, covariates=("size",))


def test_the_command_gives_its_table_where_nothing_can_be_told(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "panel.csv"
    path.write_text("unit,time,outcome,first_treated\na,1,0,\na,2,0,\nb,1,0,2\nb,2,0,2\n")
    assert main(["evaluate", "difference", str(path), "--out", str(tmp_path / "out")]) == 0
    assert "cannot be told: outcome never varies" in capsys.readouterr().out
    assert (tmp_path / "out" / "answer.json").exists()


def test_the_command_refuses_with_the_row_and_no_answer(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "panel.csv"
    path.write_text("unit,time,outcome,first_treated\na,2021-04,1,\na,2021-05,x,\nb,2021-04,1,2021-05\nb,2021-05,2,2021-05\n")
    assert main(["evaluate", "difference", str(path), "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "panel.csv:2:outcome: this is not a number" in shown.err


# --- what is handled and said -------------------------------------------------------------------------------


def test_units_treated_from_the_first_period_on_are_left_out_and_said() -> None:
    answer = difference(panel({**STARTS, "yew": 1}))
    assert "1 unit treated from the first period on was left out: it had no past to be compared with." in answer.remarks
    assert answer.fields["units"] == 6
    assert answer.fields["effect"] == difference(panel()).fields["effect"]


def test_units_first_treated_after_the_end_count_as_untreated_and_are_said() -> None:
    answer = difference(panel({**STARTS, "cedar": 9}))
    assert "1 unit first treated after the series ends counts as not treated." in answer.remarks
    assert answer.fields["effect"] == difference(panel()).fields["effect"]


def test_a_start_between_two_periods_counts_from_the_next_one() -> None:
    answer = difference(panel({**STARTS, "oak": "3.5"}))
    assert "1 unit first treated between two periods counts as treated from the next one on." in answer.remarks
    assert answer.fields["effect"] == difference(panel()).fields["effect"]


def test_a_nought_among_the_times_is_still_never_treated_and_said() -> None:
    table = panel({name: 0 if start is None else start - 1 for name, start in STARTS.items()})
    table["time"] = [time - 1 for time in table["time"]]
    answer = difference(table)
    assert any("0 in first_treated is read as never treated" in remark for remark in answer.remarks)
    assert answer.fields["effect"]["estimate"] == pytest.approx(difference(panel()).fields["effect"]["estimate"])
    # where never is said in another way, a 0 is a time: the first one here, so that there is no past
    table["first_treated"] = ["never" if name == "ash" else cell
                              for name, cell in zip(table["unit"], table["first_treated"], strict=True)]
    assert "2 units treated from the first period on were left out" in remarks(difference(table))


def test_a_unit_with_a_gap_is_left_out_or_kept_and_said() -> None:
    table = without(panel(), 6)
    dropped = difference(table)
    assert "1 unit of 6 is not seen in every period and was left out." in dropped.remarks
    assert dropped.fields["units"] == 5
    assert "who_stayed" in dropped.fields["doubts"]
    kept = difference(table, gaps="keep")
    assert "each comparison uses those seen at both of its times" in remarks(kept)
    cells = {(row["group"], row["time"]): row["controls"] for row in kept.fields["group_time"]}
    assert cells["3", "3"] == 2  # beech is not there at 2
    assert cells["4", "5"] == 3
    assert dropped.fields["effect"] != kept.fields["effect"]


def test_an_empty_outcome_is_a_gap() -> None:
    table = panel()
    table["outcome"][6] = None
    assert difference(table).fields["effect"] == difference(without(panel(), 6)).fields["effect"]


def test_units_that_vanish_are_said_apart() -> None:
    said = remarks(difference(without(panel(), 13, 14)))
    assert "(1 of them vanishes before the end)" in said
    assert "the answer is about who stayed" in said


def test_where_gaps_leave_nobody_treated_a_way_out_is_named() -> None:
    said = refusal(without(panel({"ash": None, "beech": None, "elm": 3, "fir": 3}), 11, 16))
    assert "without them nobody treated is left" in said
    assert "--gaps keep" in said


def test_one_treated_unit_is_given_no_range() -> None:
    answer = difference(panel({"ash": None, "beech": None, "cedar": None, "elm": 3}))
    assert answer.fields["effect"]["estimate"] is not None
    assert answer.fields["effect"]["standard_error"] is None
    assert answer.fields["effect"]["interval"] is None
    assert all(row["standard_error"] is None for row in answer.fields["group_time"])
    assert "One unit is treated" in remarks(answer)
    assert "it cannot be told from chance" in answer.sentence


def test_one_untreated_unit_is_given_no_range() -> None:
    answer = difference(panel({"ash": None, "elm": 3, "fir": 3, "oak": 3}))
    assert answer.fields["effect"]["interval"] is None
    assert "One unit stands for the untreated" in remarks(answer)


def test_units_that_each_begin_alone_are_given_no_range() -> None:
    answer = difference(panel({"ash": None, "beech": None, "cedar": None, "elm": 3, "fir": 4, "oak": 5}))
    assert answer.fields["effect"]["interval"] is None
    assert "Most treated units began alone" in remarks(answer)


def test_two_treated_units_are_warned_of() -> None:
    answer = difference(panel({"ash": None, "beech": None, "cedar": None, "elm": 3, "fir": 3}))
    assert "Only 2 units are treated: the ranges are too narrow" in remarks(answer)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_an_outcome_that_never_varies_has_no_answer(value: float) -> None:
    answer = difference({**panel(), "outcome": [value] * 30})
    assert answer.sentence == (
        f"What the change did to outcome cannot be told: outcome never varies: it is {value:g} throughout."
    )
    assert answer.fields["simple"]["estimate"] is None
    assert answer.figures


def test_units_that_all_change_alike_leave_nothing_to_judge_chance_by() -> None:
    table = panel({"ash": None, "beech": None, "elm": 3, "fir": 3})
    table["outcome"] = [float(10 * (place // 5) + time + 4 * (place >= 10 and time >= 3))
                        for place, time in enumerate(table["time"])]
    answer = difference(table)
    assert answer.fields["effect"]["estimate"] == pytest.approx(4)
    assert answer.fields["effect"]["interval"] is None
    assert "Nothing is left to judge chance by" in remarks(answer)


def test_a_series_may_be_shortened() -> None:
    answer = difference(panel(), first="2", last="4")
    assert answer.fields["periods"] == 3
