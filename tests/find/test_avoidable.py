"""Care that could be avoided: lists of codes put to counts, rates beside others, and proposals to take up."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.avoidable import frailty_weights, list_notes, template, templates
from evenhand.data.tables import Opened
from evenhand.find import avoidable, hospital_frailty_risk_score
from evenhand.find.avoidable_lists import read_lists
from evenhand.region.proposals import read_case
from evenhand.stats.intervals import byar, exact_poisson
from evenhand.terms import Refused

MILLBROOK = Path(__file__).parents[2] / "examples" / "millbrook" / "activity"


def rows_of(answer, condition):
    # Asthma stands in the list of smoking as well; here it is the one of ambulatory-care-sensitive conditions.
    return {row["unit"]: row for row in answer.fields["rows"]
            if row["condition"] == condition and (condition, row["list"]) != ("Asthma", "smoking")}


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return "\n".join(refusal.value.lines())


def asthma(counts, people=1000, **more):
    units = [chr(ord("A") + place) for place in range(len(counts))]
    return pd.DataFrame({"practice": units, "diagnosis": ["J45.9"] * len(counts), "count": counts,
                         "population": [people] * len(counts), **more})


# --- frailty ---------------------------------------------------------------------------------------------------------


def test_dementia_and_a_fall_make_an_intermediate_score():
    # Gilbert and others (2018): F00 counts 7.1 and W19 counts 3.2, wherever in the two years they stand.
    score = hospital_frailty_risk_score(["F00", "W19.0", "W19"])
    assert score.points == 10.3 == round(7.1 + 3.2, 1)
    assert score.level == "intermediate"
    assert score.parts == {"F00": 7.1, "W19": 3.2}


def test_the_published_score_has_109_diagnoses_from_a_tenth_to_seven_and_a_tenth():
    weights = frailty_weights()
    assert (len(weights), min(weights.values()), max(weights.values())) == (109, 0.1, 7.1)


def test_levels_begin_at_five_and_above_fifteen():
    def level(points):
        return hospital_frailty_risk_score(["A00"], weights={"A00": points}).level

    assert [level(4.9), level(5.0), level(15.0), level(15.1)] == ["low", "intermediate", "intermediate", "high"]


def test_what_is_no_diagnosis_is_refused():
    assert "not a diagnosis code" in refused(lambda: hospital_frailty_risk_score(["fall"]))


# --- lists -----------------------------------------------------------------------------------------------------------


def test_every_published_list_has_title_version_and_source_and_every_entry_a_template_there_is():
    lists = read_lists()
    assert set(lists.notes) == set(list_notes())
    assert all(note.title and note.version and note.source for note in lists.notes.values())
    assert {each.template for each in lists.entries} <= set(templates())
    # Nineteen, of which heart failure and hypertension stand as one.
    assert len({each.condition for each in lists.entries if each.list == "ambulatory-care-sensitive"}) == 18


def test_a_list_that_data_load_keeps_is_read_as_it_stands():
    kept = pd.DataFrame({"list": ["alcohol-attributable fractions"] * 3, "version": ["June 2020"] * 3,
                         "title": ["Colon"] * 3, "code": ["C18"] * 3, "value": [-0.1, 0.09, 0.12],
                         "applies_to": ["male, from 16", "male, from 25", "male, from 35"]})
    entries = read_lists(kept).entries
    # A band ends where the next begins; a share below nought counts nothing.
    assert [(each.age_from, each.age_to, each.fraction) for each in entries] == [
        (16, 24, 0.0), (25, 34, 0.09), (35, 200, 0.12)]
    assert entries[0].template == "alcohol-liaison"


def test_where_a_list_names_no_condition_its_code_is_the_name():
    kept = pd.DataFrame({"list": ["smoking-attributable fractions"] * 2, "title": [None] * 2, "value": [0.55, 0.53],
                         "code": ["C3[34]"] * 2, "applies_to": ["1", "2"]})
    assert [(each.condition, each.sex, each.template) for each in read_lists(kept).entries] == [
        ("C3[34]", "men", "stopping-smoking"), ("C3[34]", "women", "stopping-smoking")]


def test_a_condition_that_no_code_tells_is_taken_by_its_name():
    table = pd.DataFrame({"practice": list("ABC"), "condition": ["High frailty risk"] * 3, "count": [30, 10, 12],
                          "population": [1000] * 3})
    row = avoidable(table).fields["rows"][0]
    assert (row["list"], row["unit"], row["avoidable_count"], row["template"]) == (
        "frailty", "A", 30, "frailty-at-home")


def test_a_pattern_that_is_none_and_a_share_above_one_are_refused():
    broken = pd.DataFrame({"list": ["mine"], "condition": ["X"], "include_pattern": ["primary_diagnosis:J4[5"]})
    assert "pattern cannot be read" in refused(lambda: read_lists(broken))
    slow = pd.DataFrame({"list": ["mine"], "condition": ["X"], "include_pattern": ["(J+)+K"]})
    assert "repeats" in refused(lambda: read_lists(slow))
    much = pd.DataFrame({"list": ["mine"], "condition": ["X"], "include_pattern": ["J45"], "fraction": [1.2]})
    assert "fraction" in refused(lambda: read_lists(much))


# --- counts, rates, ranges -------------------------------------------------------------------------------------------


def test_a_rate_stands_beside_the_middle_with_byars_interval_and_pounds():
    answer = avoidable(asthma([10, 12, 40], cost=[1000.0, 1200.0, 8000.0]), lists=("ambulatory-care-sensitive",))
    row = rows_of(answer, "Asthma")["C"]
    assert row["rate"] == pytest.approx(40.0)
    assert row["middle"] == pytest.approx(12.0)
    assert row["excess"] == pytest.approx(40 - 12)
    assert row["cost_of_excess"] == pytest.approx(28 * 8000 / 40)
    assert row["interval"] == pytest.approx([float(end) for end in byar(40)])
    assert (row["signal"], row["template"]) == ("above", "long-term-conditions")


def test_below_ten_the_interval_is_exact():
    row = rows_of(avoidable(asthma([3, 12, 40])), "Asthma")["A"]
    assert row["interval"] == pytest.approx([float(end) for end in exact_poisson(3)])


def test_a_share_of_each_admission_counts_where_the_list_says_so():
    # NHS Digital: 0.29 of chronic obstructive lung disease in men and 0.28 in women is put down to smoking.
    table = pd.DataFrame({"practice": ["A", "A", "B", "C"], "diagnosis": ["J44.1"] * 4, "count": [100, 50, 10, 10],
                          "sex": ["men", "women", "men", "men"], "population": [1000] * 4})
    row = rows_of(avoidable(table, lists=("smoking",)), "Chronic obstructive lung disease")["A"]
    assert row["avoidable_count"] == pytest.approx(100 * 0.29 + 50 * 0.28)
    low, _ = byar(150)
    width = ((100 * 0.29**2 + 50 * 0.28**2) / 150) ** 0.5
    assert row["interval"][0] == pytest.approx(43 + width * (float(low) - 150))


def test_where_sex_is_not_known_the_lowest_share_is_taken_and_said():
    answer = avoidable(pd.DataFrame({"practice": list("ABC"), "diagnosis": ["J44.1"] * 3, "count": [100, 10, 10],
                                     "population": [1000] * 3}), lists=("smoking",))
    assert rows_of(answer, "Chronic obstructive lung disease")["A"]["avoidable_count"] == pytest.approx(28.0)
    assert any("the lowest is taken" in each for each in answer.remarks)


def test_a_fall_needs_an_injury_first_a_fall_second_and_sixty_five_years():
    table = pd.DataFrame({"practice": ["A"] * 3 + ["B", "C"], "diagnosis": ["S72.0"] * 5, "count": [5, 7, 9, 4, 4],
                          "secondary_diagnosis": ["W19", "W19", "E11", "W01;I10", "W01"], "population": [1000] * 5,
                          "age_band": ["65-74", "45-64", "75-84", "85+", "85+"]})
    answer = avoidable(table, lists=("falls",))
    assert rows_of(answer, "Injury with a recorded fall")["A"]["admissions"] == 5
    # Nine broken hips without a recorded cause, and those with a fall on top, are the list's other way to tell one.
    assert rows_of(answer, "Fracture without a recorded cause")["A"]["admissions"] == 9


def test_what_is_planned_is_not_an_avoidable_emergency():
    table = asthma([10, 12, 40], point_of_delivery=["emergency admission", "day case", "emergency admission"])
    found = rows_of(avoidable(table), "Asthma")
    assert [found[unit]["admissions"] for unit in "ABC"] == [10, 0, 40]


def test_a_single_admission_where_most_have_none_is_not_beyond_chance():
    found = rows_of(avoidable(asthma([0, 0, 0, 0, 1])), "Asthma")
    assert (found["E"]["middle"], found["E"]["signal"]) == (0, "none")


def test_months_make_rates_a_year_of_the_mean_of_people():
    table = pd.DataFrame({"practice": [unit for unit in "ABC" for _ in range(6)], "diagnosis": ["J45.9"] * 18,
                          "month": [f"2025-{month:02d}" for month in range(1, 7)] * 3, "count": [2] * 18})
    people = pd.DataFrame({"practice": ["A", "A", "B", "C"], "month": ["2025-01", "2025-02", "2025-01", "2025-01"],
                           "people": [900, 1100, 2000, 3000]})
    answer = avoidable(table, people=people)
    # Twelve admissions in half a year among a mean of 1,000: 24 for every 1,000 a year.
    assert rows_of(answer, "Asthma")["A"]["rate"] == pytest.approx(12 / (1000 * 0.5) * 1000)
    assert answer.fields["period"] == {"first": "2025-01", "last": "2025-06"}


def test_practices_add_up_to_their_commissioner():
    answer = avoidable(asthma([10, 12, 40, 8], commissioner=["N", "N", "S", "T"]), by="commissioner")
    found = rows_of(answer, "Asthma")
    assert (found["N"]["admissions"], found["N"]["people"]) == (22, 2000)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=6).filter(any))
def test_nothing_is_counted_that_is_not_in_the_table_and_ranges_hold_their_rates(counts):
    rows = rows_of(avoidable(asthma(counts), lists=("ambulatory-care-sensitive",)), "Asthma").values()
    assert sum(row["avoidable_count"] for row in rows) == sum(counts)
    assert all(row["interval"][0] <= row["rate"] <= row["interval"][1] for row in rows)


def test_the_list_and_its_version_stand_in_sentence_rows_and_figure():
    answer = avoidable("sample:avoidable")
    version = list_notes()["ambulatory-care-sensitive"].version
    assert version in answer.sentence
    assert all(row["list_version"] for row in answer.fields["rows"])
    assert version in answer.figure.note
    own = pd.DataFrame({"list": ["mine"], "version": ["3 of 2026"], "condition": ["Asthma"],
                        "include_pattern": ["primary_diagnosis:J4[56]"]})
    assert "Mine (3 of 2026)" in avoidable(asthma([1, 2, 30]), codes=own).sentence


# --- what cannot be told, and refusals -------------------------------------------------------------------------------


def test_points_of_delivery_alone_tell_nothing_of_what_could_be_avoided():
    answer = avoidable(str(MILLBROOK / "activity.csv.gz"), people=str(MILLBROOK / "people_on_lists.csv.gz"))
    assert "cannot be told from points of delivery alone" in answer.sentence
    assert answer.fields["can_be_told"] is False
    assert all(row["avoidable_count"] is None and row["list_version"] is None for row in answer.fields["rows"])
    assert {row["condition"] for row in answer.fields["rows"]} == {
        "accident and emergency", "emergency admission"}
    assert answer.fields["bodies"] == 60


@pytest.mark.parametrize(("table", "said"), [
    (asthma([1, 2]).drop(columns="count"), "no column “count”"),
    (asthma([1, 2]).drop(columns="diagnosis"), "nothing says what people came for"),
    (asthma([1, 2]).drop(columns="practice"), "no column “practice”"),
    (asthma([1, -2]), "count"),
    (asthma(["1", "many"]), "many"),
    (asthma([1, 2]).assign(diagnosis="Z00"), "no row falls under any condition"),
    (asthma([1, 2]).assign(practice="A", population=[1000, 900]), "two different figures of people"),
    (asthma([1, 2]).assign(sex="x"), "this sex is not known"),
])
def test_a_table_that_cannot_be_is_refused_in_words(table, said):
    assert said in refused(lambda: avoidable(table))


def test_a_list_there_is_not_and_months_the_wrong_way_round_are_refused():
    assert "there is no such list" in refused(lambda: avoidable(asthma([1, 2, 3]), lists=("gout",)))
    assert "turn them round" in refused(lambda: avoidable(asthma([1]), from_month="2026-02", to_month="2026-01"))


# --- proposals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", templates())
def test_every_template_is_a_case_as_it_stands(name, tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(template(name), encoding="utf-8")
    assert read_case(path).state == "raised"


def test_the_first_rows_are_written_as_cases_that_can_be_read(tmp_path, capsys):
    assert main(["find", "avoidable", "sample:avoidable", "--out", str(tmp_path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    written = sorted(tmp_path.glob("proposal-*.toml"))
    assert len(written) == answer["settings"]["top"] == 5
    case = read_case(tmp_path / "proposal-fell-long-term-conditions.toml")
    proposal = case.papers[0]
    row = answer["rows"][0]
    assert proposal.bodies[0].code == row["unit"] == "FELL"
    assert row["list_version"] in proposal.why
    assert proposal.people_affected[0].value == row["admissions"]
    assert proposal.spend[0].value == round(row["cost"]) * 100


def test_a_name_with_quotation_marks_makes_a_case_all_the_same(tmp_path):
    table = asthma([10, 12, 40]).assign(practice=["A", "B", 'C "the {why}" \\ surgery'])
    documents = avoidable(table, lists=("ambulatory-care-sensitive",))
    ((name, content),) = documents.documents(documents).items()
    path = tmp_path / Path(name).name
    path.write_bytes(content)
    assert read_case(path).papers[0].bodies[0].code == 'C "the {why}" \\ surgery'


def test_small_numbers_can_be_left_out(capsys):
    assert main(["find", "avoidable", "sample:avoidable", "--small-numbers", "hes-2018", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert any("Rule for small numbers" in each for each in answer["remarks"])
    assert all(row["admissions"] % 5 == 0 for row in answer["rows"])


@pytest.mark.real
def test_the_patterns_as_restated_by_the_strategy_unit_give_the_published_list(real):
    theirs = read_lists(Opened(str(real / "code-lists" / "acsc_and_ebi_patterns.csv")))
    ours = read_lists().chosen(("ambulatory-care-sensitive",))

    def plain(lists):
        return sorted((each.condition, str(each.includes), str(each.excludes), each.template) for each in lists.entries)

    assert plain(theirs) == plain(ours)


# --- standardised for age, and beside the bodies most alike -----------------------------------------------------------


def by_age(old, young, people_old, people_young, **more):
    """Asthma of two ages in bodies A, B, C …: admissions and people of each."""
    units = [chr(ord("A") + place) for place in range(len(old))]
    activity = pd.DataFrame({"practice": units * 2, "diagnosis": "J45.9", "age_band": ["65+"] * len(old)
                             + ["0-64"] * len(old), "count": [*old, *young]})
    people = pd.DataFrame({"practice": units * 2, "age_band": ["65+"] * len(old) + ["0-64"] * len(old),
                           "people": [*people_old, *people_young]})
    return activity, people, more


def test_a_body_with_more_old_people_is_not_worse_for_that():
    # Everywhere 40 of 1,000 old and 10 of 1,000 young people come in; A has most old people, so most admissions.
    activity, people, _ = by_age([80, 40, 20, 8], [10, 30, 40, 46], [2000, 1000, 500, 200], [1000, 3000, 4000, 4600])
    crude = rows_of(avoidable(activity, people=people, method="crude"), "Asthma")
    assert crude["A"]["rate"] == pytest.approx(90 / 3000 * 1000)
    assert crude["A"]["signal"] == "above"
    answer = avoidable(activity, people=people)
    assert answer.fields["kind_of_rate"] == "indirect"
    rows = rows_of(answer, "Asthma")
    overall = (148 + 126) / (3700 + 12600) * 1000
    for unit in "ABCD":
        assert rows[unit]["rate"] == pytest.approx(overall)
        assert rows[unit]["excess"] == pytest.approx(0)
        assert rows[unit]["signal"] == "none"
    assert rows["A"]["expected"] == pytest.approx(90)
    low, high = byar(90)
    assert rows["A"]["interval"] == pytest.approx([float(low) / 90 * overall, float(high) / 90 * overall])
    assert any("standardised for age, indirectly" in each for each in answer.remarks)


def test_indirect_and_direct_rates_are_those_of_find_rates():
    from evenhand.find import rates

    activity, people, _ = by_age([30, 25, 41], [20, 44, 15], [500, 900, 700], [4000, 3500, 2000])
    plain = activity.rename(columns={"count": "numerator"}).merge(people.rename(columns={"people": "denominator"}))
    ours = rows_of(avoidable(activity, people=people), "Asthma")
    together = plain.groupby("age_band", as_index=False)[["numerator", "denominator"]].sum()
    theirs = rates(plain, method="indirect", by=("practice",), per=1000, reference=together)
    for row in theirs.fields["rows"]:
        assert ours[row["practice"]]["rate"] == pytest.approx(row["value"])
        assert ours[row["practice"]]["interval"] == pytest.approx(row["intervals"]["0.95"])
        assert ours[row["practice"]]["expected"] == pytest.approx(row["expected"])
    ours = rows_of(avoidable(activity, people=people, method="direct"), "Asthma")
    for row in rates(plain, method="direct", by=("practice",), per=1000).fields["rows"]:
        assert ours[row["practice"]]["rate"] == pytest.approx(row["value"])
        assert ours[row["practice"]]["interval"] == pytest.approx(row["intervals"]["0.95"])


def test_bands_that_are_cut_differently_are_put_together_until_they_fit():
    # People by 0-39, 40-64, 65-79, 80+; activity by 0-64 and 65+: two bands are in common.
    activity, _, _ = by_age([80, 40, 20], [10, 30, 40], [1] * 3, [1] * 3)
    people = pd.DataFrame([(unit, band, sex, amount / 2) for unit, old, young in
                           (("A", 2000, 1000), ("B", 1000, 3000), ("C", 500, 4000))
                           for band, amount in (("0-39", young / 2), ("40-64", young / 2), ("65-79", old / 2),
                                                ("80+", old / 2), ("All ages", 99)) for sex in ("men", "women")],
                          columns=["practice", "age_band", "sex", "people"])
    rows = rows_of(avoidable(activity, people=people), "Asthma")
    assert rows["A"]["people"] == 3000
    assert rows["A"]["expected"] == pytest.approx(2000 * 140 / 3500 + 1000 * 80 / 8000 + 0)


def test_where_ages_do_not_allow_it_rates_are_crude_and_the_reason_is_said():
    answer = avoidable("sample:avoidable")
    assert answer.fields["kind_of_rate"] == "crude"
    assert any("Rates are not adjusted for age" in each and "people by band of age are not given" in each
               for each in answer.remarks)
    assert "no standardised rate can be given: people by band of age are not given" in refused(
        lambda: avoidable("sample:avoidable", method="indirect"))
    activity, people, _ = by_age([30, 25, 41], [20, 44, 15], [500, 900, 700], [4000, 3500, 2000])
    activity.loc[0, "age_band"] = "unknown"
    assert "1 row of the activity has no age, such as “unknown”" in " ".join(avoidable(activity, people=people).remarks)
    cut = people.replace({"age_band": {"65+": "66+", "0-64": "0-65"}})
    activity, _, _ = by_age([30, 25, 41], [20, 44, 15], [1] * 3, [1] * 3)
    activity = activity.replace({"age_band": {"65+": "66+", "0-64": "0-65"}})
    assert "European Standard Population 2013 has no figure for 0–65 and 66+" in refused(
        lambda: avoidable(activity, people=cut, method="direct"))


def test_no_direct_rate_is_given_below_ten_admissions():
    activity, people, _ = by_age([3, 25, 41, 30], [4, 44, 15, 20], [500, 900, 700, 500], [4000, 3500, 2000, 4000])
    rows = rows_of(avoidable(activity, people=people, method="direct"), "Asthma")
    assert rows["A"]["rate"] is None
    assert rows["B"]["rate"] > 0


def test_peers_are_the_ten_most_alike_and_the_middle_is_theirs():
    # Twelve bodies of rates 10, 20 … 120 a thousand, alike by their place: the ten nearest to A are B to K.
    activity = asthma([10 * place for place in range(1, 13)])
    like = pd.DataFrame({"unit": list("ABCDEFGHIJKL"), "deprivation": range(12)})
    answer = avoidable(activity, against="peers", alike=like)
    rows = rows_of(answer, "Asthma")
    assert answer.fields["peers"]["A"] == list("BCDEFGHIJK")
    assert rows["A"]["middle"] == pytest.approx((60 + 70) / 2)
    assert rows["L"]["middle"] == pytest.approx((60 + 70) / 2)
    assert rows["L"]["signal"] == "above"
    assert rows["L"]["middle_interval"][0] <= rows["L"]["middle"] <= rows["L"]["middle_interval"][1]
    assert "in the middle of its peers" in answer.sentence
    assert "nothing says which bodies are alike" in refused(lambda: avoidable(activity, against="peers"))
    assert "fewer than three of the bodies here" in refused(
        lambda: avoidable(activity, against="peers", alike=pd.DataFrame({"unit": ["X", "Y", "Z"], "a": [1, 2, 3]})))


def test_one_body_alone_is_told_beside_all_the_others():
    every = avoidable(asthma([10, 20, 30, 90]))
    mine = avoidable(asthma([10, 20, 30, 90]), of="D")
    assert mine.fields["rows"] == [row for row in every.fields["rows"] if row["unit"] == "D"]
    assert {row["unit"] for row in mine.fields["lists"]} == {"D"}
    assert "no body here has this code" in refused(lambda: avoidable(asthma([10, 20, 30, 90]), of="E"))
