"""Hospital care that care outside could act on, by practice: the page, its files, and a proposal to take up."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from evenhand.find.avoidable import avoidable
from evenhand.region.proposals import read_case
from evenhand.web import region_here

pytestmark = pytest.mark.django_db
MILLBROOK = Path(__file__).resolve().parents[2] / "examples" / "millbrook"


@pytest.fixture
def here(signed_in, settings, tmp_path):
    settings.HOME = tmp_path
    region_here.take(MILLBROOK, tmp_path)
    return signed_in()


def test_without_counts_the_page_says_which_would_allow_it(signed_in, settings, tmp_path):
    settings.HOME = tmp_path
    page = signed_in().get(reverse("avoidable")).content.decode()
    assert "No counts by practice and diagnosis are held here." in page
    assert "emergency admissions by practice, diagnosis and age" in page
    assert signed_in().get(reverse("avoidable-file", args=("csv",))).status_code == 404


def test_real_counts_by_practice_are_never_put_on_a_public_page(tmp_path):
    real, home = tmp_path / "real", tmp_path / "home"
    (real / "activity").mkdir(parents=True)
    for name in (region_here.ADMISSIONS, region_here.BY_AGE, region_here.PRACTICES):
        (real / name).write_bytes((MILLBROOK / name).read_bytes())
    described = (MILLBROOK / "region.toml").read_text().replace("invented = true", "invented = false")
    (real / "region.toml").write_text(described)
    region_here.take(real, home)
    assert (home / "region" / "region.toml").is_file()
    assert not (home / "region" / "activity").exists()


def test_every_figure_has_its_list_with_version_its_peers_its_range_and_a_proposal(here):
    page = unescape(here.get(reverse("avoidable")).content.decode())
    assert "Invented county." in page
    found = avoidable(str(MILLBROOK / region_here.ADMISSIONS), people=str(MILLBROOK / region_here.BY_AGE),
                      alike=str(MILLBROOK / region_here.PRACTICES), against="peers")
    first = found.fields["rows"][0]
    names = {row["code"]: row["name"] for row in csv.DictReader((MILLBROOK / region_here.PRACTICES).open())}
    assert f"{first['condition']}, {names[first['unit']]}" in page
    assert first["list_version"] in page
    assert "in the middle of its peers" in page
    assert "standardised for age, indirectly" in page
    links = re.findall(r'href="(/where-to-look/avoidable/proposal.toml[^"]*)"', page)
    assert len(links) == 15


def test_a_proposal_is_a_case_that_can_be_read(here, tmp_path):
    page = unescape(here.get(reverse("avoidable"), {"of": "ZP0015", "list": "ambulatory-care-sensitive"})
                    .content.decode())
    link = re.search(r'href="(/where-to-look/avoidable/proposal.toml[^"]*condition=Asthma[^"]*)"', page)[1]
    answer = here.get(link)
    assert answer["Content-Disposition"] == 'attachment; filename="proposal-zp0015.toml"'
    path = tmp_path / "case.toml"
    path.write_bytes(answer.content)
    case = read_case(path)
    assert case.papers
    assert "Asthma: 2.52" in answer.content.decode()
    assert "List: ambulatory-care-sensitive, NHS Institute" in answer.content.decode()


def test_files_hold_the_rows_of_the_page_and_nonsense_is_left_out(here):
    told = here.get(reverse("avoidable-file", args=("csv",)), {"of": "ZP0015", "against": "nobody"}).content.decode()
    assert "ZP0015" in told
    assert "ZP0020" not in told
    assert here.get(reverse("avoidable"), {"of": "<script>", "list": "x", "against": "y"}).status_code == 200
    assert here.get(reverse("avoidable-proposal"), {"unit": "ZP0015", "condition": "none"}).status_code == 404


RAISE = {"against": "peers", "unit": "ZP0020", "condition": "Chronic obstructive pulmonary disease",
         "of_list": "ambulatory-care-sensitive"}


def test_a_row_becomes_a_case_with_its_list_its_version_its_peers_and_its_range(here, signed_in):
    from evenhand.record.app import queries as record

    client = signed_in("ana-lewis")
    page = unescape(client.get(reverse("avoidable")).content.decode())
    links = re.findall(r'href="(/where-to-look/avoidable/raise/[^"]*)"', page)
    link = next(each for each in links if "ZP0020" in each)
    assert "Headroom, not money" in client.get(link).content.decode()
    answer = client.post(link, {"body": "INV-MILL", "why": "Nearly twice as many."})
    name = "zp0020-ambulatory-care-sensitive-chronic-obstructive-pulmonary-disease-2031"
    assert answer["Location"] == f"/decisions/{name}/"
    (entry,) = record.entries(f"case/{name}")
    assert (entry.by, entry.organisation, entry.what) == ("ana-lewis", "INV-MILL", "case raised")
    (sealed,) = record.papers(f"case/{name}", "opportunity")
    paper = sealed.paper()
    row = avoidable(str(MILLBROOK / region_here.ADMISSIONS), people=str(MILLBROOK / region_here.BY_AGE),
                    alike=str(MILLBROOK / region_here.PRACTICES), against="peers").fields["rows"][0]
    assert (row["unit"], row["condition"]) == (RAISE["unit"], RAISE["condition"])
    assert [paper.gap.central, paper.gap.low, paper.gap.high] == pytest.approx([row["excess"], *row["excess_interval"]])
    assert paper.header.settings["list"] == ["ambulatory-care-sensitive"]
    assert paper.header.settings["list_version"] == row["list_version"]
    assert f"List: ambulatory-care-sensitive, {row['list_version']}." in paper.sentence
    assert paper.against.startswith("the ten practices most like it: ZP")
    assert all(made.digest.startswith("sha256:") and "/" not in made.what for made in paper.header.made_from)
    assert any("taken as the twelve months to March 2031" in each for each in paper.remarks)
    case = unescape(signed_in().get(answer["Location"]).content.decode())
    assert "Chronic obstructive pulmonary disease" in case
    again = client.post(link, {"body": "INV-MILL"})
    assert again.status_code == 400
    assert "raised already" in again.content.decode()


def test_a_row_is_raised_only_for_a_body_that_one_may_raise_for(here, signed_in):
    address = reverse("avoidable-raise")
    asked = signed_in().get(address, RAISE)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/sign-in/?next=%2Fwhere-to-look%2Favoidable%2Fraise")
    client = signed_in("ana-lewis")
    assert client.get(address, RAISE | {"condition": "none"}).status_code == 404
    refused = client.post(f"{address}?{urlencode(RAISE)}", {"body": "15M"})
    assert refused.status_code == 400
    assert "Choose for which body" in refused.content.decode()
