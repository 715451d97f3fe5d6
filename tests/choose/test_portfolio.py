"""Few schemes within the limits: the best plan, how sure, what binds, what fewer give, and why nothing fits."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evenhand.choose import portfolio
from evenhand.cli import main
from evenhand.terms import Refused


def refusal(content: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        portfolio(content, **options)
    return str(refused.value)


# Lorie & Savage (1955), Journal of Business 28, 229-239: nine proposals, two years.
LORIE_SAVAGE = {
    "value": [14, 17, 17, 15, 40, 12, 14, 10, 12],
    "usage": [[12, 54, 6, 6, 30, 6, 48, 36, 18], [3, 7, 6, 2, 35, 6, 4, 3, 3]], "limit": [50, 20]}


def test_schemes_chosen_by_slope_can_be_the_wrong_ones():
    # Airoldi & others (2014): A (60 for 60), B and C (45 for 50 each), 100 to spend. A has the best slope, and alone
    # it is worth 60; B and C fill the budget and are worth 90.
    answer = portfolio({"schemes": [{"id": "A", "value": 60, "cost": 60}, {"id": "B", "value": 45, "cost": 50},
                                    {"id": "C", "value": 45, "cost": 50}], "limits": {"cost": 100}})
    assert answer.fields["chosen"] == ["B", "C"]
    assert answer.fields["objective"] == 45 + 45
    assert answer.fields["slack"] == {"cost": 0}
    assert answer.sentence.startswith("Take B and C: worth 90 together, and no plan within the limits is worth more.")


def test_lorie_and_savage_have_their_published_optimum_and_prices():
    answer = portfolio(LORIE_SAVAGE, gap=0.0)
    # Weingartner (1963): 70 from proposals 1, 3, 4, 6 and 9; prices of the two budgets 0.136 and 1.864.
    assert answer.fields["chosen"] == [1, 3, 4, 6, 9]
    assert answer.fields["objective"] == answer.fields["bound"] == 70
    assert answer.fields["gap"] == 0
    assert answer.fields["value_in_parts"] == pytest.approx(70.2727, abs=1e-4)
    assert list(answer.fields["price"].values()) == pytest.approx([0.136, 1.864], abs=5e-4)
    assert answer.fields["slack"] == {"limit 1": 50 - (12 + 6 + 6 + 6 + 18), "limit 2": 20 - (3 + 6 + 2 + 6 + 3)}


def test_petersens_first_project_problem_has_its_published_optimum():
    # Petersen (1967), Management Science 13, 736-750, problem 1 (OR-Library, mknap1): 3800.
    answer = portfolio({
        "value": [100, 600, 1200, 2400, 500, 2000],
        "usage": [[8, 12, 13, 64, 22, 41], [8, 12, 13, 75, 22, 41], [3, 6, 4, 18, 6, 4], [5, 10, 8, 32, 6, 12],
                  [5, 13, 8, 42, 6, 20], [5, 13, 8, 48, 6, 20], [0, 0, 0, 0, 8, 0], [3, 0, 4, 0, 8, 0],
                  [3, 2, 4, 0, 8, 4], [3, 2, 4, 8, 8, 4]],
        "limit": [80, 96, 20, 36, 44, 48, 10, 18, 22, 24]}, gap=0.0)
    assert answer.fields["objective"] == 3800


def test_value_by_number_of_schemes_shows_what_fewer_would_give():
    answer = portfolio({"schemes": [{"id": name, "value": value, "cost": cost} for name, value, cost in (
        ("a", 10, 5), ("b", 6, 3), ("c", 5, 3))], "limits": {"cost": 6}, "at_most": 3})
    curve = {row["schemes"]: (row["value"], row["chosen"]) for row in answer.fields["value_by_number"]}
    # One scheme: a. Two: b and c, for 6. Three cost 11, so three at most gives no more than two.
    assert curve == {1: (10, ["a"]), 2: (11, ["b", "c"]), 3: (11, ["b", "c"])}


def test_a_scheme_begins_when_the_money_is_there():
    content = {"years": [1, 2, 3], "schemes": [
        {"id": "first", "value": 5, "cost": [10, 2, 0]},
        {"id": "later", "value": 4, "cost": [10, 2, 0], "start_years": [1, 2]}],
        "limits": {"cost": {"1": 10, "2": 12, "3": 2}}}
    answer = portfolio(content)
    # Together in year 1 they would cost 20; one year later the second costs 10 in year 2 beside the first's 2.
    assert answer.fields["start_year"] == {"first": 1, "later": 2}
    assert answer.fields["slack"] == {"cost in year 1": 0, "cost in year 2": 0, "cost in year 3": 0}
    content["requires"] = [["first", "later"]]
    assert portfolio(content).fields["chosen"] == ["later"]


def test_floors_keep_an_organisation_from_losing():
    content: dict[str, Any] = {"schemes": [
        {"id": "shift", "value": 9, "cost": 1, "gain": {"Hospital": -5, "Community": 5}},
        {"id": "theatre", "value": 1, "cost": 1, "gain": {"Hospital": 6}}], "limits": {"cost": 2}}
    assert portfolio({**content, "at_most": 1, "floors": {"Hospital": 0}}).fields["chosen"] == ["theatre"]
    assert portfolio({**content, "floors": {"Hospital": 0}}).fields["slack"]["gain of Hospital"] == 1


def test_of_three_that_exclude_each_other_one_is_taken():
    answer = portfolio({"schemes": [{"id": name, "value": value} for name, value in (("a", 1), ("b", 3), ("c", 2))],
                        "excludes": [["a", "b", "c"]]})
    assert answer.fields["chosen"] == ["b"]


def test_plans_of_one_value_are_never_ranked():
    answer = portfolio({"schemes": [{"id": "a", "value": 5, "cost": 2}, {"id": "b", "value": 5, "cost": 2}],
                        "limits": {"cost": 2}})
    assert [each["told_apart"] for each in answer.fields["next_best"]] == [False, True]
    assert "1 other plan cannot be ranked below it." in answer.sentence
    assert any("worth just as much" in remark for remark in answer.remarks)


def test_of_plans_worth_the_same_the_one_with_fewest_schemes_is_taken():
    answer = portfolio({"schemes": [{"id": "one", "value": 6, "cost": 3}, {"id": "half", "value": 3, "cost": 1},
                                    {"id": "other half", "value": 3, "cost": 1}, {"id": "idle", "value": 0, "cost": 0}],
                        "limits": {"cost": 3}})
    assert answer.fields["chosen"] == ["one"]


def test_where_nothing_is_worth_doing_nothing_is_chosen():
    answer = portfolio({"schemes": [{"id": "a", "value": 5, "cost": 9}], "limits": {"cost": 2}})
    assert answer.fields["chosen"] == []
    assert "do none of the schemes" in answer.sentence


# --- when nothing fits ------------------------------------------------------------------------------------------------

CLASH = {"schemes": [{"id": "a", "value": 5, "cost": 40, "staff": 1}, {"id": "b", "value": 4, "cost": 30, "staff": 1},
                     {"id": "c", "value": 3, "cost": 20, "staff": 9}],
         "limits": {"cost": 50, "staff": 20}, "must": ["a"], "at_least": 2}


def test_rules_that_clash_are_named_and_each_set_is_irreducible():
    answer = portfolio(CLASH)
    assert answer.fields["feasible"] is False
    assert answer.fields["chosen"] is None
    # a and the cheapest other cost 60; drop any one of the three and a plan exists. Staff has no part in it.
    assert [set(each["limits"]) for each in answer.fields["clashes"]] == [
        {"cost", "a in any case", "number of schemes, at least"}]
    assert answer.fields["clashes"][0]["words"] == (
        "These cannot be kept together: cost at most 50; at least 2 schemes; a in any case")


def test_the_least_changes_that_let_a_plan_through_are_given():
    ways = {way["words"]: way for way in portfolio(CLASH).fields["relaxations"]}
    assert ways["cost from 50 to 60"]["chosen"] == ["a", "c"]
    assert ways["number of schemes, at least from 2 to 1"]["chosen"] == ["a"]
    assert ways["drop “a in any case”"]["value"] == 4 + 3
    # Ten on a limit of 50 is the smallest share of any rule's size.
    assert portfolio(CLASH).sentence.endswith("The least change: cost from 50 to 60.")


def test_two_separate_clashes_need_two_changes():
    answer = portfolio({"schemes": [{"id": "a", "value": 5, "cost": 40, "staff": 9}],
                        "limits": {"cost": 30, "staff": 6}, "must": ["a"], "floors": {}, "at_least": 1})
    names = {frozenset(each["limits"]) for each in answer.fields["clashes"]}
    assert names == {frozenset(pair) for pair in (
        ("cost", "a in any case"), ("staff", "a in any case"), ("cost", "number of schemes, at least"),
        ("staff", "number of schemes, at least"))}
    (way,) = answer.fields["relaxations"]
    assert {change["limit"] for change in way["changes"]} == {"cost", "staff"}
    assert {change["to"] for change in way["changes"]} == {40, 9}


# --- properties -------------------------------------------------------------------------------------------------------


@st.composite
def programmes(draw: Any) -> dict[str, Any]:
    count = draw(st.integers(2, 7))
    names = [f"s{place}" for place in range(count)]
    schemes = [{"id": name, "value": draw(st.integers(-3, 30)), "cost": draw(st.integers(0, 20)),
                "staff": draw(st.integers(0, 9)), "gain": {"Hospital": draw(st.integers(-9, 9))}} for name in names]
    pairs = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda each: each[0] != each[1]),
                     max_size=2)
    return {"schemes": schemes, "limits": {"cost": draw(st.integers(0, 60)), "staff": draw(st.integers(0, 25))},
            "floors": {"Hospital": draw(st.integers(-12, 4))}, "at_most": draw(st.integers(1, count)),
            "at_least": draw(st.integers(0, 2)), "requires": [list(pair) for pair in draw(pairs)],
            "excludes": [list(pair) for pair in draw(pairs)],
            "must": draw(st.lists(st.sampled_from(names), max_size=1))}


def keeps(content: dict[str, Any], chosen: Any) -> bool:
    schemes = {each["id"]: each for each in content["schemes"]}
    taken = [schemes[name] for name in chosen]
    return (sum(each["cost"] for each in taken) <= content["limits"]["cost"]
            and sum(each["staff"] for each in taken) <= content["limits"]["staff"]
            and sum(each["gain"]["Hospital"] for each in taken) >= content["floors"]["Hospital"]
            and content["at_least"] <= len(taken) <= content["at_most"]
            and all(a not in chosen or b in chosen for a, b in content["requires"])
            and all(a not in chosen or b not in chosen for a, b in content["excludes"])
            and all(name in chosen for name in content["must"]))


def every_plan(content: dict[str, Any]) -> list[tuple[int, tuple[str, ...]]]:
    """Every set of schemes that keeps the rules, with its value, best first."""
    names = [each["id"] for each in content["schemes"]]
    worth = {each["id"]: each["value"] for each in content["schemes"]}
    plans = [(sum(worth[name] for name in chosen), chosen)
             for size in range(len(names) + 1) for chosen in combinations(names, size) if keeps(content, chosen)]
    return sorted(plans, key=lambda plan: -plan[0])


@given(programmes())
@settings(max_examples=60)
def test_trying_every_plan_gives_the_same_answer(content):
    plans = every_plan(content)
    fields = portfolio(content, gap=0.0, next_best=3).fields
    if not plans:
        assert fields["feasible"] is False
        return
    assert fields["feasible"]
    assert keeps(content, fields["chosen"])
    assert fields["objective"] == plans[0][0] == fields["bound"]
    assert [each["value"] for each in fields["next_best"]] == [value for value, _ in plans[1:4]]
    assert all(keeps(content, each["chosen"]) for each in fields["next_best"])
    assert fields["number_of_schemes"] == min(len(chosen) for value, chosen in plans if value == plans[0][0])
    for row in fields["value_by_number"]:
        within = [value for value, chosen in plans if len(chosen) <= row["schemes"]]
        assert row["value"] == (max(within) if within else None)
    assert fields["value_in_parts"] >= fields["objective"] - 1e-6
    assert all(slack >= 0 for slack in fields["slack"].values())


@given(programmes(), st.integers(1, 20), st.sampled_from(["cost", "staff"]))
@settings(max_examples=40)
def test_more_of_a_limit_never_lowers_the_value(content, more, which):
    before = portfolio(content, gap=0.0, next_best=0).fields
    assume(before["feasible"])
    limits = {**content["limits"], which: content["limits"][which] + more}
    after = portfolio({**content, "limits": limits}, gap=0.0, next_best=0).fields
    assert after["objective"] >= before["objective"]
    # In parts, the gain is no more than the price of the limit times what was added.
    assert after["value_in_parts"] <= before["value_in_parts"] + before["price"][which] * more + 1e-6


@given(programmes())
@settings(max_examples=40)
def test_every_clash_is_a_clash_and_no_part_of_it_is(content):
    answer = portfolio(content, gap=0.0)
    assume(answer.fields["feasible"] is False)

    def without(*names: str) -> dict[str, Any]:
        """The model with only the rules of these names left."""
        left = {"schemes": content["schemes"], "limits": {key: bound for key, bound in content["limits"].items()
                                                          if key in names}}
        for key, name in (("at_most", "number of schemes, at most"), ("at_least", "number of schemes, at least")):
            if name in names:
                left[key] = content[key]
        if "gain of Hospital" in names:
            left["floors"] = content["floors"]
        left["requires"] = [[a, b] for a, b in content["requires"] if f"{a} only with {b}" in names]
        left["excludes"] = [[a, b] for a, b in content["excludes"] if f"not both {a} and {b}" in names]
        left["must"] = [name for name in content["must"] if f"{name} in any case" in names]
        return left

    for clash in answer.fields["clashes"]:
        assert portfolio(without(*clash["limits"])).fields["feasible"] is False
        for dropped in clash["limits"]:
            rest = [name for name in clash["limits"] if name != dropped]
            assert portfolio(without(*rest), next_best=0).fields["feasible"]
    assert answer.fields["relaxations"]


def test_the_same_model_gives_the_same_answer():
    assert portfolio(LORIE_SAVAGE).to_json() == portfolio(LORIE_SAVAGE).to_json()


# --- stopping early ---------------------------------------------------------------------------------------------------


def hard() -> dict[str, Any]:
    """Forty projects whose values hardly differ: proof takes thousands of nodes."""
    uses = [[17 + (place * 37 + row * 11) % 29 for place in range(40)] for row in range(5)]
    return {"value": [sum(row[place] for row in uses) + place % 3 for place in range(40)], "usage": uses,
            "limit": [sum(row) // 2 for row in uses]}


def test_a_search_stopped_by_nodes_gives_its_bound_and_repeats():
    answer = portfolio(hard(), nodes=1, gap=0.0, next_best=2)
    fields = answer.fields
    assert fields["stopped_by"] == "nodes"
    assert fields["bound"] > fields["objective"]
    assert fields["gap"] == pytest.approx(fields["bound"] / fields["objective"] - 1)
    assert not fields["proved"]
    assert "no plan can be worth more than" in answer.sentence
    assert any("stopped at the nodes allowed" in remark for remark in answer.remarks)
    assert portfolio(hard(), nodes=1, gap=0.0, next_best=2).to_json() == answer.to_json()
    for each in fields["next_best"]:
        assert each["told_apart"] == (each["worse_by"] > fields["gap"] * fields["objective"])


# --- what is refused --------------------------------------------------------------------------------------------------

PLAIN: dict[str, Any] = {"schemes": [{"id": "wards", "value": 1, "cost": 1}, {"id": "hubs", "value": 2, "cost": 1}],
                         "limits": {"cost": 1}}


def test_a_dependency_on_an_unknown_scheme_names_the_closest():
    assert "“requires” names a scheme that is not in the model (hub found); did you mean hubs?" in refusal(
        {**PLAIN, "requires": [["wards", "hub"]]})
    assert "“excludes” pairs a scheme with itself" in refusal({**PLAIN, "excludes": [["hubs", "hubs"]]})
    assert "“requires” holds something that is not a pair" in refusal({**PLAIN, "requires": ["hubs"]})


def test_missing_values_and_negative_costs_are_refused():
    assert "hubs has no value" in refusal({"schemes": [{"id": "wards", "value": 1}, {"id": "hubs"}]})
    assert "the cost of hubs is negative (-1 found)" in refusal(
        {"schemes": [{"id": "hubs", "value": 1, "cost": -1}], "limits": {"cost": 1}})
    assert "the cost of hubs is missing" in refusal(
        {"schemes": [{"id": "wards", "value": 1, "cost": 1}, {"id": "hubs", "value": 1}], "limits": {"cost": 1}})
    assert "two of the schemes have one name" in refusal(
        {"schemes": [{"id": "a", "value": 1}, {"id": "a", "value": 2}]})
    assert "the model names no schemes" in refusal({"title": "empty"})


def test_a_row_of_usage_of_the_wrong_length_names_its_limit():
    message = refusal({"value": [1, 2, 3], "usage": [[1, 1, 1], [1, 1]], "limit": [2, 2],
                       "limit_names": ["money", "nurses"]})
    assert "the usage of nurses has 2 numbers and there are 3 projects" in message
    assert "the usage of limit 1 by project 2 is negative (-1 found)" in refusal(
        {"value": [1, 2], "usage": [[1, -1], [1, 1]], "limit": [1, 1]})
    assert "there are 1 rows of usage and 2 limits" in refusal({"value": [1], "usage": [[1]], "limit": [1, 2]})


def test_a_limit_on_something_no_scheme_has_names_the_closest():
    assert "limits.costs limits something that no scheme has (costs found); did you mean cost?" in refusal(
        {**PLAIN, "limits": {"costs": 1}})
    assert "did you mean Hospital?" in refusal(
        {"schemes": [{"id": "a", "value": 1, "gain": {"Hospital": 1}}], "floors": {"Hospitel": 0}})
    assert "did you mean excludes?" in refusal({**PLAIN, "exclude": [["hubs", "wards"]]})


def test_years_that_the_model_does_not_have_are_refused():
    content = {"years": ["2027/28", "2028/29"], "schemes": [{"id": "a", "value": 1, "cost": {"2027/82": 1}}],
               "limits": {"cost": {"2027/28": 1}}}
    assert "the cost of a speaks of a year that the model does not have (2027/82 found)" in refusal(content)
    assert "a would start in a year that the model does not have" in refusal(
        {"years": [1], "schemes": [{"id": "a", "value": 1, "start_years": [3]}]})


def test_settings_that_cannot_be_are_refused():
    assert "--gap: a gap lies between 0 and 1 (5 found)" in refusal(PLAIN, gap=5)
    assert "--time-limit: a time limit is more than 0 seconds" in refusal(PLAIN, time_limit=0.0)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_draws_both_figures(capsys, tmp_path):
    assert main(["choose", "portfolio", "sample:portfolio-schemes", "--out", str(tmp_path)]) == 0
    assert "worth 198 together" in capsys.readouterr().out
    assert {"value-by-number.svg", "limits.svg", "table.csv"} <= {each.name for each in tmp_path.iterdir()}


def test_a_model_without_a_plan_is_an_answer_not_an_error(capsys, tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(CLASH))
    assert main(["choose", "portfolio", str(tmp_path / "model.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["feasible"] is False
    assert main(["choose", "portfolio", str(tmp_path / "model.json"), "--svg", str(tmp_path / "plan.svg")]) == 2
    assert "this answer has a table and no picture" in capsys.readouterr().err


def test_a_wrong_model_leaves_standard_output_empty(capsys, tmp_path):
    (tmp_path / "model.json").write_text(json.dumps({**PLAIN, "requires": [["wards", "hub"]]}))
    assert main(["choose", "portfolio", str(tmp_path / "model.json")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "did you mean hubs?" in printed.err


PORTFOLIOS = ("few-schemes-12", "lorie-savage-1955", "petersen-1", "petersen-2", "petersen-3", "petersen-4",
              "weingartner-ness-1", "weingartner-ness-3", "weingartner-ness-5", "weingartner-ness-7")


@pytest.mark.reference
@pytest.mark.parametrize("case", PORTFOLIOS)
def test_a_reference_case_reaches_its_proven_optimum(case: str, reference: Path, capsys):
    expected = json.loads((reference / "portfolio" / f"{case}.expected.json").read_text())
    assert main(["choose", "portfolio", str(reference / "portfolio" / f"{case}.input.json"), "--gap", "0",
                 "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    known, tolerance = expected["recomputed"], expected["tolerance"]["objective"]
    assert document["objective"] == pytest.approx(known["optimum"], rel=max(tolerance, 1e-12))
    assert document["proved"]
    assert all(slack >= -1e-9 for slack in document["slack"].values())
    if "lp_relaxation" in known:
        assert document["value_in_parts"] == pytest.approx(known["lp_relaxation"], rel=1e-9)
    if "optimal_choices" in known:
        assert document["chosen"] in known["optimal_choices"]
    for one, other in zip(document["next_best"], known.get("next_best", []), strict=False):
        assert (one["value"], one["chosen"]) == (other["benefit"], other["choice"])
    if "three_best_values" in known:
        values = sorted({document["objective"], *(each["value"] for each in document["next_best"])}, reverse=True)
        assert values[:3] == known["three_best_values"]
    curve = {str(row["schemes"]): row for row in document["value_by_number"]}
    for number, best in known.get("best_by_number_of_schemes", {}).items():
        assert curve[number]["value"] == best["best_benefit"]
        assert curve[number]["chosen"] in best["choices"]


@pytest.mark.reference
def test_a_file_of_several_instances_is_answered_row_by_row(reference: Path):
    expected = json.loads((reference / "portfolio" / "single-budget-small.expected.json").read_text())
    answer = portfolio(reference / "portfolio" / "single-budget-small.input.json", gap=0.0)
    assert {row["id"]: row["objective"] for row in answer.fields["rows"]} == expected["published"]
    assert answer.figure.chart is not None
