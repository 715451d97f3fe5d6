"""Registers of policies, what is done against them, and what became of a predecessor's."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from evenhand.cli import main
from evenhand.data.measures import measures
from evenhand.data.tables import Opened
from evenhand.find import low_priority
from evenhand.find.policies import KINDS, carried_over, published, read_policies
from evenhand.terms import Refused

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def register(text, name="register.toml"):
    return Opened(name, content=text.encode())


ONE = '[[policy]]\nid="plasters"\ntitle="Plasters"\nkind="not routinely"\ncodes=["bnf:1502010J0%EL"]\n'


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return "\n".join(refusal.value.lines())


def rows_of(answer):
    return {row["policy"]: row for row in answer.fields["rows"]}


def test_activity_spend_and_trend_are_sums_of_the_rows_under_the_policy():
    table = pd.DataFrame([(month, unit, code, 10 if month < "2025" else 8, 100.0 if month < "2025" else 90.0)
                          for month in MONTHS for unit in ("A", "B")
                          for code in ("1502010J0AAAAEL", "1502010J0AAAAXX")],
                         columns=["month", "unit", "bnf_code", "items", "cost"])
    row = rows_of(low_priority(table, policies=register(ONE), of="A"))["plasters"]
    assert (row["activity"], row["spend"], row["a_year_before"]) == (8 * 12, 90 * 12, 100 * 12)
    assert row["change"] == pytest.approx(-0.1)
    assert row["trend"] == "down 10% on the year before"
    assert rows_of(low_priority(table, policies=register(ONE)))["plasters"]["spend"] == 2 * 90 * 12


def test_the_gap_is_that_of_the_body_against_others_of_the_same_people():
    table = pd.DataFrame([(month, unit, "1502010J0AAAAEL", cost + 5 * (int(month[-2:]) % 3), 1000)
                          for month in MONTHS for unit, cost in
                          (("A", 300.0), *((f"B{place}", 100.0 + place) for place in range(9)))],
                         columns=["month", "unit", "bnf_code", "cost", "population"])
    row = rows_of(low_priority(table, policies=register(ONE), of="A"))["plasters"]
    # The middle of ten bodies: 104.5 in place of 300, twelve months.
    assert row["gap"] == pytest.approx(12 * (300 - 104.5), rel=0.01)
    assert (row["rank"], row["of"], row["signal"]) == (1, 10, True)
    assert rows_of(low_priority(table, policies=register(ONE)))["plasters"]["bodies_above"] >= 1


def test_what_cannot_be_seen_is_empty_and_says_why():
    answer = low_priority("sample:low-priority", policies="sample:policies", of="HART")
    row = rows_of(answer)["varicose-veins"]
    assert row["spend"] is None
    assert "procedure and diagnosis together" in row["remark"]
    assert row["exceptions_allowed"] == "Bleeding, or a leg ulcer."


def test_a_policy_that_never_allows_an_exception_is_said():
    remarks = " ".join(low_priority("sample:low-priority", policies="sample:policies", of="HART").remarks)
    assert "Never an exception in these months: Pain plasters, Dosulepin and Homeopathy" in remarks
    assert "ban in disguise" in remarks


def test_requests_decided_are_counted_and_one_that_never_allows_is_flagged_once_enough_were():
    def asked(allowed, refused, unit="HART"):
        table = {"policy": ["Homeopathy"], "unit": [unit], "allowed": [allowed], "refused": [refused]}
        return low_priority("sample:low-priority", policies="sample:policies", of="HART", requests=table)

    row = rows_of(asked(0, 5))["homeopathy"]
    assert (row["requests_allowed"], row["requests_refused"], row["never_allowed"]) == (0, 5, True)
    assert any("No request was ever allowed against Homeopathy (5 refused)" in each for each in asked(0, 5).remarks)
    # Four say too little, one allowed is one allowed, and those of another body are not this one's.
    assert not rows_of(asked(0, 4))["homeopathy"]["never_allowed"]
    assert not rows_of(asked(1, 50))["homeopathy"]["never_allowed"]
    other = rows_of(asked(0, 9, "OTHER"))["homeopathy"]
    assert other["requests_refused"] is None
    assert other["never_allowed"], "the figures themselves hold no exception"


def test_a_policy_whose_own_words_allow_none_is_named():
    answer = low_priority("sample:low-priority", policies="sample:policies", of="HART")
    assert "By their own words these allow no exception: Homeopathy." in answer.remarks


def test_bad_counts_of_requests_are_refused_in_words():
    def asked(**columns):
        table = {"policy": ["Homeopathy"], "allowed": [1], "refused": [2], **columns}
        return lambda: low_priority("sample:low-priority", policies="sample:policies", requests=table)

    assert "no policy in force is called so" in refused(asked(policy=["Astrology"]))
    assert "a count cannot be negative" in refused(asked(refused=[-1]))
    assert "this is not a number" in refused(asked(allowed=["few"]))
    assert "no column" in refused(lambda: low_priority("sample:low-priority", policies="sample:policies",
                                                       requests={"policy": ["Homeopathy"], "allowed": [1]}))


def test_each_policy_of_a_predecessor_that_is_gone_needs_a_reason():
    became = carried_over(read_policies("sample:policies-before"), read_policies("sample:policies"))
    assert [each.id for each in became.kept] == ["homeopathy"]
    assert [(old.kind, new.kind) for old, new in became.changed] == [("not routinely", "criteria")]
    assert [each.id for each in became.dropped] == ["cataract-second-eye"]
    assert [each.id for each in became.unexplained] == ["hip-injections"]
    answer = low_priority("sample:low-priority", policies="sample:policies", before="sample:policies-before")
    assert answer.fields["carried_over"]["without_reason"] == [{"policy": "hip-injections", "title": "Hip injections"}]
    assert any("Gone without a reason: Hip injections" in each for each in answer.remarks)


def test_a_dropped_policy_with_an_empty_reason_counts_as_unexplained():
    now = read_policies(register(ONE + '[[dropped]]\nid="x"\ntitle="X"\nreason=""\n'))
    before = read_policies(register('[[policy]]\nid="x"\ntitle="X"\n'))
    assert [each.id for each in carried_over(before, now).unexplained] == ["x"]


def test_a_register_may_be_a_table():
    table = read_policies(register("title,kind,codes,from,reason\nPlasters,criteria,bnf:15;bnf:16,2024-04,\n"
                                   "Old thing,dropped,,,No evidence\n", "register.csv"))
    assert table.policies[0].codes == ("bnf:15", "bnf:16")
    assert (table.dropped[0].id, table.dropped[0].reason) == ("old-thing", "No evidence")


def test_a_policy_that_has_ended_is_left_out_and_said():
    text = ONE + '[[policy]]\nid="old"\ntitle="Old one"\nto="2024"\ncodes=["bnf:15"]\n'
    table = {"month": MONTHS, "unit": ["A"] * 24, "bnf_code": ["1502010J0AAAAEL"] * 24, "items": [3] * 24}
    answer = low_priority(table, policies=register(text))
    assert list(rows_of(answer)) == ["plasters"]
    assert any("Old one" in each for each in answer.remarks)


def test_bad_registers_and_tables_are_refused_in_words():
    table = {"month": ["2025-01"], "unit": ["A"], "bnf_code": ["1502010J0AAAAEL"], "items": [1]}
    assert "no kind of policy" in refused(lambda: read_policies(register('[[policy]]\ntitle="A"\nkind="never"\n')))
    assert "needs a title" in refused(lambda: read_policies(register('[[policy]]\nid="a"\n')))
    assert "not a date" in refused(lambda: read_policies(register('[[policy]]\ntitle="A"\nfrom="soon"\n')))
    assert "stands twice" in refused(lambda: read_policies(register(ONE + ONE)))
    assert "not TOML" in refused(lambda: read_policies(register("[[policy]\n")))
    assert "field is not known" in refused(lambda: read_policies(register('[[policy]]\ntitle="A"\ncolour="red"\n')))
    assert "no row is under any policy" in refused(
        lambda: low_priority({**table, "bnf_code": ["0101"]}, policies=register(ONE)))
    assert "no body here has this code" in refused(lambda: low_priority(table, policies=register(ONE), of="Z9"))
    assert "neither a cost nor a count" in refused(lambda: low_priority(
        {name: table[name] for name in ("month", "unit", "bnf_code")}, policies=register(ONE)))
    assert "no column" in refused(lambda: low_priority({"month": ["2025-01"], "unit": ["A"]}, policies=register(ONE)))


def test_the_published_register_says_where_each_policy_is_from_and_invents_nothing():
    found = published()
    assert len(found.policies) >= 50
    assert all(each.source and each.kind in ("", *KINDS) for each in found.policies)
    assert {measure for each in found.policies for measure in each.measures} <= {
        each.name for each in measures()}
    # NHS England (2023): homeopathy BNF 19.2.3, co-proxamol 0407010Q0; neither has exceptions.
    assert found["item-homeopathy"].holds("190203000BBAAAA")
    assert not found["item-rubefacients"].holds("1003020AD0")
    assert "do not initiate" in found["item-coprox"].exceptions
    assert found["ebi-snoring-surgery-without-sleep-apnoea"].kind == "not routinely"


def test_the_command_gives_the_same_answer(capsys):
    assert main(["find", "low-priority", "sample:low-priority", "--policies", "sample:policies", "--of", "HART",
                 "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    table = pd.read_csv("src/evenhand/data/samples/low-priority.csv", dtype={"bnf_code": str})
    own = table[(table.unit == "HART") & (table.month >= "2025") & table.bnf_code.str.startswith("1502010J0")]
    first = document["rows"][0]
    assert (first["policy"], first["activity"]) == ("plasters", own["items"].sum())
    assert first["spend"] == pytest.approx(own["cost"].sum())


@pytest.mark.real
def test_what_derbyshire_spends_against_policy_adds_up_from_the_published_figures(real):
    path = real / "sub-icb-measures" / "measures_2020-12_to_2025-12.parquet"
    rows = rows_of(low_priority(path, of="15M"))
    table = pd.read_parquet(path)
    table["month"] = pd.to_datetime(table["month"])
    own = table[(table["code"] == "15M") & (table["month"] >= "2025-01-01")]
    for policy, measure in (("item-liothyronine", "lpliothyronine"), ("item-lidocaine", "lplidocaine")):
        assert rows[policy]["spend"] == pytest.approx(own[own["measure"] == measure]["numerator"].sum())
    assert rows["item-lidocaine"]["of"] > 90
