"""Planted gaps found and false ones raised: each setting of ``find gaps`` beside the best five of the similar ten.

The settings are those of the command, the habit's rule is the published one, and the truth is read only to count. What
is likely was developed on counties of seeds 11 to 16 and is judged here on others, 101 to 103.
"""

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass

import pytest

from evenhand.data.invent import invent
from evenhand.data.invent.write import small_files
from evenhand.data.measures import as_table, measures_in
from evenhand.find import gaps
from evenhand.region.habits import rates_of, similar_tens
from evenhand.region.scoring import Tally, tally
from evenhand.terms import Month, Refused

SIMILAR_TEN = "similar ten"
BEST_DECILE = "best-decile"
SEEDS = (101, 102, 103)


@dataclass(frozen=True)
class Invented:
    """One invented county: its folder, its truth and its figures."""

    folder: object
    truth: dict
    figures: object

    def look(self, first, last):
        """The figures of one look with those of the year before, those of the look alone, and whose gaps are asked."""
        import pyarrow.compute as pc

        month = self.figures["month"]
        earliest = str(Month.parsed(first).plus(-12))
        within = pc.and_(pc.greater_equal(month, earliest), pc.less_equal(month, last))
        panel = self.figures.filter(pc.and_(within, pc.greater(self.figures["denominator"], 0)))
        return (panel, panel.filter(pc.greater_equal(panel["month"], first)),
                sorted({each["unit"] for each in self.truth["gaps"] if each["from"] == first}))


def county(folder, size, seed):
    """Write all but the table of activity, which none of this reads."""
    import pyarrow as pa
    from pyarrow import csv

    for name, content in small_files(invent(size, seed)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    packed = (folder / "figures" / "observations.csv.gz").read_bytes()
    as_text = csv.ConvertOptions(column_types={"month": pa.string()})
    figures = csv.read_csv(pa.BufferReader(gzip.decompress(packed)), convert_options=as_text)
    return Invented(folder, json.loads((folder / "truth.json").read_text()), figures)


def raised_in(invented: Invented, *, best_decile: bool) -> dict[str, set]:
    """What the similar ten and each setting raised, over all looks of the county's bodies.

    Of what is raised as it comes, ``raised=sure`` keeps what is more than chance, which each row says: one question
    answers both. Whom the best tenth leaves behind is asked where it is asked for.
    """
    measures = measures_in(invented.folder / "measures.toml")
    noted, raised = as_table(measures), defaultdict(set)
    for look in invented.truth["looks"]:
        first, last = look["from"], look["to"]
        panel, alone, of = invented.look(first, last)
        rates = rates_of(alone.to_pylist())
        similar = similar_tens(invented.folder / "figures" / "bodies.csv", of, {unit for _, unit in rates.sums})
        raised[SIMILAR_TEN] |= {(first, *each) for each in rates.behind_best_similar(measures, similar)}
        for unit in of:
            asked = {"of": unit, "measures": noted, "from_month": first, "to_month": last}
            rows = [row for row in gaps(panel, **asked).fields["rows"] if row["raised"]]
            raised["as it comes"] |= {(first, unit, row["measure"]) for row in rows}
            raised["sure"] |= {(first, unit, row["measure"]) for row in rows if row["signal"]}
            if best_decile:
                rows = gaps(panel, against=BEST_DECILE, **asked).fields["rows"]
                raised[BEST_DECILE] |= {(first, unit, row["measure"]) for row in rows if row["raised"]}
    return raised


def counted_up(invented: Invented, *, best_decile: bool) -> dict[str, Tally]:
    """Every way's raised gaps against the truth."""
    by_kind = {kind: {(each["from"], each["unit"], each["measure"]) for each in invented.truth["gaps"]
                      if each["kind"] == kind} for kind in ("real", "slight", "one bad year")}
    return {name: tally(name, every, by_kind) for name, every in raised_in(invented, best_decile=best_decile).items()}


def false(each: Tally) -> int:
    return each.chance + each.bad_year


@pytest.mark.long
@pytest.mark.parametrize("size", ["small", "county", "england"])
def test_as_it_comes_it_finds_as_many_as_the_similar_ten_with_fewer_than_half_the_false_ones(size, tmp_path):
    """Issue 4, point 10, on counties that nothing was developed on.

    Raised is what is more likely than not to lie 2% or more on the worse side and to last. What is more than chance is
    a part of it, with hardly a false one that is not a bad year. Against the best tenth nearly every body is behind, as
    with the best five of ten.
    """
    found = [counted_up(county(tmp_path / f"{seed}", size, seed), best_decile=seed == SEEDS[0]) for seed in SEEDS]
    total = {name: (sum(each[name].found for each in found), sum(false(each[name]) for each in found))
             for name in (SIMILAR_TEN, "as it comes", "sure")}
    naive_found, naive_false = total[SIMILAR_TEN]
    assert total["as it comes"][0] >= naive_found, total
    assert total["as it comes"][1] < 0.5 * naive_false, total
    assert 0.8 * naive_found <= total["sure"][0] <= total["as it comes"][0], total
    assert total["sure"][1] < 0.15 * naive_false, total
    assert sum(each["sure"].chance for each in found) <= 3, total
    behind_the_best, naive = false(found[0][BEST_DECILE]), false(found[0][SIMILAR_TEN])
    assert behind_the_best > 0.5 * naive, "what is behind the best tenth is not behind the middle"


# --- the rule, on figures small enough to check by hand ---------------------------------------------------------------


def bodies(measure, own, *, others, denominator):
    """Ten others with values from ``others``, and us: all with one denominator."""
    rows = [{"measure": measure, "unit": f"b{at}", "numerator": value * denominator, "denominator": denominator}
            for at, value in enumerate(others)]
    return rates_of([*rows, {"measure": measure, "unit": "us", "numerator": own * denominator,
                             "denominator": denominator}])


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measures")
    described = dict(small_files(invent("small", 1)))["measures.toml"]
    (folder / "measures.toml").write_bytes(described)
    return measures_in(folder / "measures.toml")


TEN = {"us": tuple(f"b{at}" for at in range(10))}


def test_the_benchmark_is_the_mean_of_the_best_five_and_the_opportunity_the_rest_times_the_denominator(measures):
    # best five of 1..10 a head: 1, 2, 3, 4, 5; mean 3. Own 8 of 100: (8 - 3) x 100 = 500 admissions
    found = bodies("falls_admissions", 8.0, others=range(1, 11), denominator=100.0)
    assert found.behind_best_similar(measures, TEN) == pytest.approx({("us", "falls_admissions"): 500.0})


def test_where_high_is_good_the_best_five_are_the_highest(measures):
    # best five of 1..10: 6 to 10, mean 8; own 2: (8 - 2) x 100 = 600 day cases
    found = bodies("day_cases", 2.0, others=range(1, 11), denominator=100.0)
    assert found.behind_best_similar(measures, TEN) == pytest.approx({("us", "day_cases"): 600.0})
    assert bodies("day_cases", 9.0, others=range(1, 11), denominator=100.0).behind_best_similar(measures, TEN) == {}


def test_a_count_whose_byar_limits_hold_the_benchmark_is_not_raised(measures):
    # Byar's limits of 65 are 50.1632 and 82.8491 (Breslow and Day 1987): 51 lies within, 50 does not
    within, beyond = (bodies("falls_admissions", 65.0, others=[each] * 10, denominator=1.0) for each in (51.0, 50.0))
    assert within.behind_best_similar(measures, TEN) == {}
    assert beyond.behind_best_similar(measures, TEN) == pytest.approx({("us", "falls_admissions"): 15.0})


def test_a_share_has_wilsons_limits(measures):
    # Wilson's limits of 65 of 100 are 0.55254 and 0.73636 (Wilson 1927): 0.73 lies within, 0.74 does not
    within, beyond = (bodies("urgent_seen", 0.65, others=[each] * 10, denominator=100.0) for each in (0.73, 0.74))
    assert within.behind_best_similar(measures, TEN) == {}
    assert beyond.behind_best_similar(measures, TEN) == pytest.approx({("us", "urgent_seen"): 9.0})


def test_fewer_than_five_similar_bodies_with_figures_raise_nothing_and_a_benchmark_of_nought_is_one(measures):
    four = {"us": ("b0", "b1", "b2", "b3", "elsewhere")}
    found = bodies("falls_admissions", 80.0, others=range(1, 11), denominator=1.0)
    assert found.behind_best_similar(measures, four) == {}
    nobody = bodies("falls_admissions", 80.0, others=[0.0] * 10, denominator=1.0)
    assert nobody.behind_best_similar(measures, TEN) == pytest.approx({("us", "falls_admissions"): 80.0})


def test_the_similar_ten_are_the_nearest_with_figures():
    table = {"unit": ["us", *(f"b{at:02d}" for at in range(12))], "over_65": [0.0, *range(1, 13)]}
    there = {"us", *(f"b{at:02d}" for at in range(12) if at != 3)}
    # one characteristic, so the nearest ten are the ten least; b03 has no figures, and b11 is the furthest
    assert similar_tens(table, ["us"], there) == {"us": tuple(f"b{at:02d}" for at in range(11) if at != 3)}
    with pytest.raises(Refused, match="nowhere"):
        similar_tens(table, ["nowhere"], there)
