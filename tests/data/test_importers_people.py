"""Bodies, populations and indicators, read as their publishers write them."""

from __future__ import annotations

import gzip

import pytest

from evenhand.data import engine
from evenhand.data.load import load
from evenhand.remember import rebase
from evenhand.terms import Refused

PRACTICE = ('"{code}","THE {code} SURGERY","Y91","Q91","1 HIGH STREET","","MILLTOWN","","","ZZ1 1ZZ","19740401",'
            '"{closed}","{status}","B","15M","20130401","","","","","","0","","15M","","{setting}",""')


def held(folder, text, *tables, name="file.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = load([path], folder / "workspace")
    return *(engine.rows_of(folder / "workspace", each) for each in tables), report.loaded[0].held


def practices(*rows, newline="\n"):
    filled = [{"closed": "", "status": "A", "setting": "4", **row} for row in rows]
    return newline.join(PRACTICE.format(**row) for row in filled) + newline


def test_practices_have_their_dates_kind_and_commissioner(tmp_path):
    bodies, lookups, file = held(tmp_path, practices({"code": "Z90001"}, {"code": "Z90002", "closed": "20310331",
                                                                         "status": "C"},
                                                    {"code": "Z90003", "setting": "14"}), "organisations", "lookups")
    assert [(row["code"], row["kind"], str(row["opened"]), row["closed"] and str(row["closed"])) for row in bodies] == [
        ("Z90001", "general practice", "1974-04-01", None),
        ("Z90002", "general practice", "1974-04-01", "2031-03-31"), ("Z90003", "care home", "1974-04-01", None)]
    assert {(row["from"], row["to"], row["share"]) for row in lookups} == {
        (code, "15M", 1.0) for code in ("Z90001", "Z90002", "Z90003")}
    assert any("1 general practice open" in remark for remark in file.remarks)


@pytest.mark.parametrize("damage", [
    lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace('","', '";"').encode(), lambda text: gzip.compress(text.encode())])
def test_a_list_of_practices_is_read_however_it_was_saved(tmp_path, damage):
    (bodies, file) = held(tmp_path, damage(practices({"code": "Z90001"}, {"code": "Z90002"})), "organisations")
    assert (file.source, [row["code"] for row in bodies]) == ("practices", ["Z90001", "Z90002"])


def test_a_list_of_trusts_without_heading_is_told_from_one_of_practices(tmp_path):
    row = ('"R9A{more}","ALDER HOSPITAL","Y91","Q91","HIGH STREET","","MILLTOWN","","","ZZ1 1ZZ","20310401",'
           + ",".join(['""'] * 16))
    bodies, file = held(tmp_path, row.format(more="") + "\n" + row.format(more="01") + "\n", "organisations")
    assert file.source == "trusts"
    assert [(each["code"], each["kind"]) for each in bodies] == [("R9A", "NHS trust"),
                                                                 ("R9A01", "site of an NHS trust")]


SHARES = "nhs_trust22_code,icb22_code,proportion_trust_came_from_icb\n"


def test_shares_of_trusts_carry_figures_to_boards(tmp_path):
    (shares, _) = held(tmp_path, SHARES + "R9A,E54999001,0.75\nR9A,E54999002,0.25\n", "lookups")
    answer = rebase({"unit": ["R9A"], "numerator": [400], "denominator": [1_000]}, shares=shares, to="E54999002",
                    names={"code": ["R9A", "E54999001", "E54999002"], "name": ["Alder", "Ash", "Elm"]})
    # A quarter of the trust's patients live there: 100 of 250.
    assert [(row["numerator"], row["denominator"]) for row in answer.fields["rows"]] == [(100, 250)]


@pytest.mark.parametrize(("rows", "message"), [
    ("R9A,E54999001,0.75\nR9A,E54999002,0.5\n", "add up to more than the whole"),
    ("R9A,E54999001,1.5\n", "this is above 1"), ("R9A,E54999001,half\n", "not a number"),
    ("R9A,E54999001,0.5\nR9A,E54999001,0.5\n", "row 1 is for the same"),
])
def test_shares_that_cannot_be_are_refused(tmp_path, rows, message):
    with pytest.raises(Refused, match=message):
        held(tmp_path, SHARES + rows)


@pytest.mark.real
def test_the_published_bodies_are_read_whole(real, tmp_path):
    folder = real / "organisations"
    load([folder / "epraccur_2022.csv.gz", folder / "etrust_2019.csv.gz",
          folder / "nhs_trusts22_to_icb22_share.csv.gz"], tmp_path)
    bodies = engine.rows_of(tmp_path, "organisations")
    kinds = [row["kind"] for row in bodies]
    # 8,631 of 14,963 have the prescribing setting 4; 234 codes of trusts have three letters.
    assert (kinds.count("general practice"), kinds.count("NHS trust")) == (8_631, 234)
    assert sum(row["share"] for row in engine.rows_of(tmp_path, "lookups")
               if row["source"] == "trusts-to-boards") == pytest.approx(138)
