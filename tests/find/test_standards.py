"""Age bands are understood however a table spells them, and weigh what the standard population says."""

from __future__ import annotations

import csv
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.find.standards import ESP1976, ESP2013, Band, band_of, weights_for
from evenhand.terms import Refused

SPELLINGS = {
    "0-4": (0, 5), "0–4": (0, 5), "00-04": (0, 5), "0004": (0, 5), "5 to 9": (5, 10), "5-9 years": (5, 10),
    "Aged 10-14": (10, 15), "[15, 19]": (15, 20), "20_24": (20, 25), "Under 5": (0, 5), "<1": (0, 1), "90+": (90, inf),
    "90 and over": (90, inf), "85 years or older": (85, inf), "90plus": (90, inf), ">=90": (90, inf),
    "90_and_over": (90, inf), "75-plus": (75, inf), "85-120": (85, inf), "7": (7, 8), "05-Sep": (5, 10),
    "Oct-14": (10, 15)}


@pytest.mark.parametrize(("label", "ages"), SPELLINGS.items())
def test_a_band_is_read_in_the_spellings_publications_use(label, ages):
    assert band_of(label) == Band(*ages)


@pytest.mark.parametrize("label", ["All", "", "9-5", "unknown", "F", "total 0-4 and 5-9"])
def test_what_is_no_band_is_none(label):
    assert band_of(label) is None


def weights(labels, standard=ESP2013, *, in_order=False):
    return weights_for(labels, standard, file="areas.csv", column="age_band", in_order=in_order)


def test_the_standards_hold_a_hundred_thousand_people():
    assert sum(ESP2013.people) == sum(ESP1976.people) == 100_000


def test_wide_bands_weigh_the_sum_of_the_five_year_ones_and_that_is_said():
    # The bands of the prescribing services' list sizes: 5-14 is 5,500 + 5,500, 75+ is 4,000 + 2,500 + 1,500 + 1,000.
    found = weights(["0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"])
    assert found.weights == (5_000, 11_000, 11_500, 12_500, 14_000, 14_000, 12_500, 10_500, 9_000)
    assert sum(found.weights) == 100_000
    assert "5–14 is 11,000" in found.remarks[0]


def test_bands_finer_than_five_years_are_weighed_where_the_standard_has_them():
    assert weights(["<1", "1-4", "90-94", "95+"]).weights == (1_000, 4_000, 800, 200)


def test_ages_left_out_of_the_standard_are_said():
    # 5,500 + 5,000 + 4,000 + 2,500 + 1,500 = 18,500 of 100,000 are there.
    assert "leave out 81,500" in weights(["65-69", "70-74", "75-79", "80-84", "85-89"]).remarks[0]


def test_one_mislabelled_band_in_a_full_list_is_taken_by_its_place_and_that_is_said():
    labels = [str(band) for band in ESP2013.usual_bands()]
    labels[11] = "55-69"
    found = weights(labels, in_order=True)
    assert found.weights[11] == 6_500
    assert "“55-69” stands where 55–59 belongs" in found.remarks[0]


def test_strata_without_ages_are_taken_in_order_where_there_are_nineteen():
    found = weights([f"stratum {place}" for place in range(19)], in_order=True)
    assert found.weights[:2] == (5_000, 5_500)
    assert "taken in order" in found.remarks[0]


@pytest.mark.parametrize(("labels", "said"), [
    (["0-4", "All"], "this is no age band"), (["0-14", "5-9"], "this band overlaps with “0-14”"),
    (["0-17", "18-64"], "has no figure for this band")])
def test_bands_that_cannot_be_weighed_are_refused(labels, said):
    with pytest.raises(Refused, match=said):
        weights(labels)


@given(st.lists(st.sampled_from(range(5, 91, 5)), min_size=1, unique=True))
def test_however_the_ages_are_cut_the_weights_add_up_to_the_standard(cuts):
    starts = [0, *sorted(cuts)]
    labels = [f"{start}-{end - 1}" for start, end in pairwise(starts)] + [f"{starts[-1]}+"]
    assert sum(weights(labels).weights) == 100_000


@pytest.mark.real
def test_the_published_standard_population_is_ours(real: Path):
    with (real / "populations" / "european_standard_population_2013.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    published = tuple(float(row["standard_population"]) for row in rows)
    assert weights([row["age_band"] for row in rows]).weights == published
