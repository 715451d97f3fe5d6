"""The canonical form is RFC 8785, and ours rounds reals and refuses what JSON cannot say."""

import json
import struct
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.papers import Unkeepable, canonical_bytes, digest, instant, is_digest, plain
from evenhand.papers.canonical import rfc8785
from evenhand.terms import Estimate, Month, Span, Suppressed

# RFC 8785, appendix B: the bits of a double, and how it must be written.
PUBLISHED_NUMBERS = [
    ("0000000000000000", "0"), ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"), ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"), ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"), ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"), ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"), ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"), ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"), ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"), ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"), ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "written"), PUBLISHED_NUMBERS)
def test_a_number_is_written_as_the_standard_prints_it(bits, written):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert rfc8785(number) == written.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_not_a_finite_number_is_refused(bits):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    for write in (rfc8785, canonical_bytes):
        with pytest.raises(Unkeepable, match="not a finite number"):
            write(number)


def test_the_example_of_section_3_2_2_comes_out_as_printed():
    given_text = r"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    printed = ('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
               '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')
    assert rfc8785(json.loads(given_text)).decode() == printed


def test_members_stand_in_the_order_of_section_3_2_3():
    members = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
               "\U0001f600": "Emoji: Grinning Face", "\x80": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
    assert list(json.loads(rfc8785(members)).values()) == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]


def test_a_real_is_rounded_to_twelve_significant_digits_before_it_is_hashed():
    assert canonical_bytes(0.1 + 0.2) == canonical_bytes(0.3) == b"0.3"
    assert canonical_bytes(123456.7890124) == b"123456.789012"


def test_values_of_the_house_have_one_plain_form():
    value = {"when": (date(2017, 11, 30), Month(2017, 11), Span(Month(2017, 11), Month(2017, 12))),
             "size": Estimate(2.0, 1.0, 3.0), "hidden": Suppressed("fewer than 5"), "none": None}
    assert json.loads(canonical_bytes(value)) == {
        "when": ["2017-11-30", "2017-11", "2017-11/2017-12"],
        "size": {"central": 2, "low": 1, "high": 3, "confidence": 0.95},
        "hidden": {"suppressed": "fewer than 5"}, "none": None}


def test_a_moment_is_written_in_utc_and_needs_its_zone():
    assert instant(datetime(2026, 7, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))) == "2026-07-01T09:00:00.000000Z"
    assert plain(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 7, 1, 10, 0))


def test_a_refusal_names_the_place():
    with pytest.raises(Unkeepable, match=r"rows\[1\]\.value: not a finite number"):
        canonical_bytes({"rows": [{"value": 1.0}, {"value": float("nan")}]})


@pytest.mark.parametrize(("value", "why"), [
    ({2016: "a year"}, "named by text"), (2**60, "larger than JSON can hold"), (10**30, "larger than JSON can hold"),
    (b"bytes", "no canonical form"), ({1, 2}, "no canonical form"), ("\ud800", "lone surrogate")])
def test_what_json_cannot_say_exactly_is_refused(value, why):
    with pytest.raises(Unkeepable, match=why):
        canonical_bytes(value)


def test_numbers_of_array_libraries_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert canonical_bytes([numpy.int64(3), numpy.float32(0.5), numpy.float64(0.25)]) == b"[3,0.5,0.25]"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4), max_leaves=12)


@given(json_values)
def test_reading_the_canonical_form_and_writing_it_again_changes_nothing(value):
    once = canonical_bytes(value)
    assert canonical_bytes(json.loads(once)) == once


@given(json_values)
def test_the_standard_form_loses_nothing(value):
    # To the standard every number is a double, also one written without a point.
    assert json.loads(rfc8785(value), parse_int=float) == value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-9, 9)), st.randoms())
def test_the_order_in_which_members_came_does_not_matter(members, chance):
    names = list(members)
    chance.shuffle(names)
    assert canonical_bytes({name: members[name] for name in names}) == canonical_bytes(members)


def test_a_digest_is_that_of_the_published_test_vector():
    # FIPS 180-4: the digest of "abc".
    assert digest(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert is_digest(digest(b"abc"))
    assert not is_digest("sha256:ABC")
    assert not is_digest(None)
