"""Whether an effect can be seen: sums by hand, the closed form against drawing, and Millbrook's own noise."""

import math

import numpy as np
import pytest

from evenhand.cli import main
from evenhand.evaluate import power
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.power_sums import Noise, chance_of, error_of, noise_of, seen, simulated
from evenhand.terms import Month, Refused


def series(unit, values, under=100.0):
    months = tuple(Month(2026, 4).plus(at) for at in range(len(values)))
    return Series(unit, "figures", months, tuple(float(value) for value in values), (under,) * len(values))


def test_with_counting_alone_the_error_is_that_of_two_means():
    # 12 months of 100 on either side: variance 1/1200 twice; beside 10 others a tenth more
    noise = Noise(1 / 100, 0.0, 0.0)
    assert error_of(noise, before=12, gap=12, after=12, design="beside others") == pytest.approx(math.sqrt(2 / 1200))
    assert error_of(noise, before=12, gap=0, after=12, design="beside others", others=10) == pytest.approx(
        math.sqrt(2 / 1200 * 1.1))


def test_neighbouring_months_that_resemble_each_other_tell_less():
    def error(memory):
        return error_of(Noise(0.0, 0.01, memory), before=12, gap=0, after=12, design="beside others")

    assert error(0.0) < error(0.6)
    # two months before and two after, memory m: variance of the difference of means is (1 + m - (m + 2m² + m³)/2)·v
    m, v = 0.5, 0.01
    by_hand = v * ((1 + m) / 2 + (1 + m) / 2 - (m + 2 * m**2 + m**3) / 2)
    assert error_of(Noise(0.0, v, m), before=2, gap=0, after=2, design="beside others") == pytest.approx(
        math.sqrt(by_hand))


def test_the_chance_is_that_of_the_normal_law():
    assert chance_of(2.8016, 1.0) == pytest.approx(0.80, abs=1e-3), "1.96 and 0.8416 above nought"
    assert chance_of(0.0, 1.0) == pytest.approx(0.025, abs=1e-4)


def test_what_cannot_be_seen_says_what_could_see_it():
    noise = Noise(1 / 50, 0.0, 0.0)
    found = seen(0.05, noise, before=12, gap=0, after=12, design="beside others")
    assert found.chance < 0.8
    # the footprint shrinks the error to where the effect is 2.8016 of them
    assert found.footprint == pytest.approx((2.8016 * found.error / -math.log(0.95)) ** 2, rel=1e-3)
    assert found.months is None, "the year before alone is too unsure, however long one waits"
    wide = seen(0.3, noise, before=12, gap=0, after=12, design="beside others")
    assert (wide.footprint, wide.months) == (None, None)
    assert 1 - math.exp(-2.8016 * wide.error) == pytest.approx(wide.smallest, rel=1e-3)


def test_the_interrupted_design_needs_more_for_it_estimates_a_trend_too():
    noise = Noise(1 / 100, 0.0, 0.0)
    steady = error_of(noise, before=24, gap=0, after=12, design="beside others")
    assert error_of(noise, before=24, gap=0, after=12, design="interrupted") > 1.5 * steady


def test_drawing_gives_about_what_the_sum_gives():
    noise = Noise(1 / 150, 0.02**2, 0.6)
    effect = 0.06
    closed = chance_of(effect, error_of(noise, before=12, gap=12, after=24, design="beside others", others=40))
    drawn = simulated(effect, noise, before=12, gap=12, after=24, others=40, seed=1)
    assert drawn == pytest.approx(closed, abs=0.05)
    assert drawn == simulated(effect, noise, before=12, gap=12, after=24, others=40, seed=1)


def test_the_noise_that_was_drawn_is_found_again():
    rng = np.random.default_rng(4)
    months, wander, memory, level = 36, 0.05, 0.6, 400.0
    every = []
    for at in range(40):
        step = rng.normal(0, wander * math.sqrt(1 - memory**2), months)
        path = np.zeros(months)
        path[0] = rng.normal(0, wander)
        for month in range(1, months):
            path[month] = memory * path[month - 1] + step[month]
        every.append(series(f"b{at}", rng.poisson(level * np.exp(path + 0.1 * np.cos(np.arange(months))))))
    found = noise_of(every[0], every[1:])
    assert found.counted == pytest.approx(1 / level, rel=0.05)
    assert math.sqrt(found.besides) == pytest.approx(wander, rel=0.2)
    assert found.memory == pytest.approx(memory, abs=0.15)


@pytest.mark.parametrize("mine", [[5, 0, 5, 5, 5, 5, 5], [5, 6, 7]])
def test_noughts_and_too_few_months_show_no_noise(mine):
    assert noise_of(series("own", mine), []) is None


def test_the_command_answers_and_says_what_comes_back_by_itself(capsys):
    assert main(["evaluate", "power", "sample:programmes", "--measure", "admissions", "--of", "A", "--start", "2028-04",
                 "--prompted", "2027-04/2028-03", "--leave-out", "B", "--months", "24"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "times in a hundred in 24 months" in said
    assert "by themselves: before and after would call that an effect" in said


@pytest.mark.parametrize(("options", "why"), [
    ({"smallest": 10.0}, "between 0 and 1"), ({"months": 0}, "1 to 60 months"), ({"of": "Z"}, "no figures of this"),
    ({"start": "2026-06"}, "only 2 months before it are held"), ({"start": "soon"}, "not a month"),
    ({"of": ()}, "which bodies")])
def test_what_cannot_be_asked_is_refused_in_words(options, why):
    with pytest.raises(Refused, match=why):
        power("sample:programmes", **{"measure": "admissions", "of": "A", "start": "2028-04", **options})


def test_nothing_is_shown_all_the_times_in_a_hundred(tmp_path, capsys):
    table = tmp_path / "figures.csv"
    rows = [f"A{unit},{2018 + at // 12}-{at % 12 + 1:02d},{3000 + 7 * ((unit * 5 + at * 3) % 11)},100000"
            for unit in range(12) for at in range(36)]
    table.write_text("unit,month,numerator,denominator\n" + "\n".join(rows) + "\n")
    asked = ["evaluate", "power", str(table), "--of", "A0", "--start", "2021-01", "--smallest", "0.5"]
    assert main(asked) == 0
    assert "this will show it more than 99 times in a hundred" in " ".join(capsys.readouterr().out.split())
    assert main([*asked, "--seed", "-4"]) == 2
    assert "--seed: a seed is 0 or more (-4 found)" in capsys.readouterr().err
