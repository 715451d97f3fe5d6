"""Two worlds that agree on all that may be shown cannot be told apart by anybody, at any address, in any form.

In one world 3 people stand behind a count and 20 behind its neighbour's, in the other 6 and 17; every other count and
every total is the same. The rule hides the small count, and has to hide the neighbour, or the total would tell. If one
byte of anything that leaves is different, somebody could tell 3 from 6; if none is, nobody can, by linear programming
or by any other means: the count could be either.
"""

import io
import json
import re
import zipfile

import pytest
from django.db import transaction
from django.urls import reverse

from data.test_gate import held
from evenhand.cli import main
from evenhand.data.engine import observations
from evenhand.data.organisations import LOCATION, organisations
from evenhand.data.ways_out import keep_rule
from evenhand.terms import Month
from web.test_walk import ABSENT, EVERYBODY, FREE, MILLBROOK, OWNED, patterns

pytestmark = pytest.mark.django_db
MEASURES = ("tramadol", "opioidspercent")
SMALL, BESIDE = "15M", "36L"
PLANTED = (Month(2025, 6), Month(2025, 11))
WORLDS = {3: 20, 6: 17}
PARTS = ("months", "ranked", "funnel", "map", "size")
FORMS = ("csv", "xlsx", "svg", "json", "docx", "pdf", "toml")


def counts_in(world, unit, place, month):
    """The count of a place and month: 60 and more everywhere, but for the planted one and its neighbour."""
    if month in PLANTED and unit == SMALL:
        return world
    if month in PLANTED and unit == BESIDE:
        return WORLDS[world]
    return 60 + 3 * place + month.number


def made(folder, world, rule="under-10"):
    """A workspace with a panel of 25 places and England over three years."""
    lists = organisations()
    standing = sorted(each.code for each in lists if each.kind == LOCATION)
    codes = [SMALL, BESIDE, *[each for each in standing if each not in (SMALL, BESIDE)][:23]]
    rows = []
    for measure in MEASURES:
        for month in (Month(2023, 1).plus(at) for at in range(36)):
            counts = {unit: counts_in(world, unit, place, month) for place, unit in enumerate(codes)}
            counts["England"] = sum(counts.values())
            rows += [{"measure": measure, "unit": unit, "month": month.first_day(), "numerator": float(count),
                      "denominator": 40_000.5 if unit == "England" else 1_600.5, "vintage": "2023-01 to 2025-12",
                      "source": "own"} for unit, count in counts.items()]
    held(folder, "observations", rows)
    _series(folder)
    keep_rule(folder, rule)
    return folder


def _series(folder):
    path = folder / "data" / "held.json"
    said = json.loads(path.read_text())
    said["held"][0]["series"] = [[measure, "own", "2023-01 to 2025-12"] for measure in MEASURES]
    path.write_text(json.dumps(said))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return {world: made(tmp_path_factory.mktemp(f"world{world}"), world) for world in WORLDS}


def of_this_moment(response):
    """What was sent, without the marks that every form and every saving bears anew."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(name.encode() + book.read(name) for name in sorted(book.namelist())
                                 if not name.endswith("core.xml"))
    content = re.sub(rb'name="(csrfmiddlewaretoken|form)" value="[^"]+"', b"", content)
    content = re.sub(rb"DTSTAMP:\w+", b"", content)
    content = re.sub(rb'nonce="[^"]+"', b"", content)
    content = re.sub(rb"(clip|gradient)_?\d+", b"", content)
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ+:]*", b"", content)


def addresses(*, all_of_them):
    """Every address that can be asked for, about the place that the worlds differ in, in every form.

    The quick walk goes to those that figures of places stand at.
    """
    for each in patterns():
        parts = {**FREE, **ABSENT, **{name: to(MILLBROOK) for name, to in OWNED.items()}}.get(each.name)
        about_places = each.name.startswith(("where", "measure", "raise", "ask", "done"))
        if parts is None or not (all_of_them or about_places):
            continue
        forms = (FORMS if all_of_them else ("csv", "json")) if "form" in parts else ("",)
        named = [{**parts, **({"form": form} if form else {})} for form in forms]
        if each.name == "measure-part":
            named = [{**one, "part": part} for one in named for part in PARTS[:None if all_of_them else 1]]
        for one in named:
            if one.get("name") == "glutenfree":
                one["name"] = MEASURES[0]
            for of in (SMALL,) if about_places else ("",):
                yield each.name, reverse(each.name, kwargs=one or None), {"of": of, "measure": MEASURES[0]}


def everything(client, settings, home, *, all_of_them=False):
    settings.HOME = home
    found = {}
    for name, address, query in addresses(all_of_them=all_of_them):
        response = client.get(address, query)
        found[address, query["of"]] = (name, response.status_code, of_this_moment(response))
    return found


def test_the_worlds_are_two_and_agree_on_all_that_is_opened(worlds):
    opened = {world: observations(folder).to_pylist() for world, folder in worlds.items()}
    assert opened[3] == opened[6]
    gone = [(SMALL, month) for month in PLANTED] + [(BESIDE, month) for month in PLANTED]
    there = {(row["unit"], Month.of(row["month"])) for row in opened[3]}
    assert not there & set(gone)
    # England's total stays: 26 rows in 36 months of two measures, less two in two months of each.
    assert len(opened[3]) == 2 * (26 * 36 - 4)


def test_the_public_sees_the_same_wherever_figures_of_places_stand(signed_in, settings, worlds):
    three, six = (everything(signed_in(), settings, worlds[world]) for world in WORLDS)
    assert three.keys() == six.keys()
    told = [key for key in three if three[key] != six[key]]
    assert told == []
    answered = {name for name, status, _ in three.values() if status == 200}
    # Not for want of figures: these pages and files are about the two places.
    assert {"where-to-look", "where-to-look-file", "measure", "measure-file", "measure-part", "measures-of",
            "measures-of-file"} <= answered


def test_without_the_rule_the_same_walk_tells_the_worlds_apart(signed_in, settings, tmp_path):
    """The walk can fail: where nothing is hidden, it finds the difference on pages and in files."""
    addresses_of = []
    for world in WORLDS:
        settings.HOME = made(tmp_path / f"open{world}", world, rule="none")
        client = signed_in()
        addresses_of.append({name: of_this_moment(client.get(reverse(name, kwargs=parts or None), {"of": SMALL}))
                             for name, parts in (("where-to-look", {}), ("measure", {"name": MEASURES[0]}),
                                                 ("measure-file", {"name": MEASURES[0], "form": "csv"}))})
    assert all(addresses_of[0][name] != addresses_of[1][name] for name in addresses_of[0])


@pytest.mark.long
@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_sees_a_difference_at_any_address(signed_in, settings, worlds, who):
    three, six = (everything(signed_in(who), settings, worlds[world], all_of_them=True) for world in WORLDS)
    assert [key for key in three if three[key] != six[key]] == []
    assert {"where-to-look", "measure"} <= {name for name, status, _ in three.values() if status == 200}


COMMANDS = [["data", "observations", "--workspace", "{home}"], ["data", "held", "--workspace", "{home}", "--json"],
            ["data", "observations", "--workspace", "{home}", "--unit", SMALL]]


def test_commands_on_the_workspace_say_the_same_in_both_worlds(worlds, capsys, tmp_path):
    said = {world: [] for world in WORLDS}
    for world, home in worlds.items():
        for words in COMMANDS:
            assert main([each.format(home=home) for each in words]) == 0
            said[world].append(capsys.readouterr().out.replace(str(home), ""))
        # What was written out goes on into methods, and out again in each of their forms.
        panel = tmp_path / f"{world}.csv"
        assert main(["data", "observations", "--workspace", str(home), "--out", str(panel)]) == 0
        folder = tmp_path / f"out{world}"
        assert main(["find", "gaps", str(panel), "--of", SMALL, "--json", "--xlsx", str(tmp_path / f"{world}.xlsx"),
                     "--out", str(folder)]) == 0
        said[world].append(re.sub(r"out\d|\d\.(csv|xlsx)", "", capsys.readouterr().out))
        said[world] += [re.sub(rb"(clip|gradient)_?\d+", b"", path.read_bytes()) for path in sorted(folder.iterdir())
                        if path.suffix in (".csv", ".svg")]
        with zipfile.ZipFile(tmp_path / f"{world}.xlsx") as book:
            said[world] += [re.sub(rb"\d\.csv", b"", book.read(name)) for name in sorted(book.namelist())
                            if "sheet" in name]
    assert len(said[3]) > 5
    assert said[3] == said[6]


def test_a_rule_that_changes_is_kept_to_at_once(signed_in, settings, tmp_path):
    """A page that was seen without the rule is not shown again from memory once there is one."""
    home = made(tmp_path / "w", 3, rule="none")
    settings.HOME = home
    address, query = reverse("measure-part", kwargs={"name": MEASURES[0], "part": "months", "form": "csv"}), {
        "of": SMALL}
    before = signed_in().get(address, query).content
    keep_rule(home, "under-10")
    after = signed_in().get(address, query).content
    assert b"2025-06" in before
    assert b"2025-06" not in after


@pytest.mark.long
def test_a_case_raised_on_the_figures_its_papers_and_its_pack_say_the_same(signed_in, settings, worlds):
    said = {}
    for world, home in worlds.items():
        settings.HOME = home
        with transaction.atomic():
            client = signed_in("ana-lewis")
            address = reverse("raise-case") + f"?of={BESIDE}&measure={MEASURES[0]}"
            response = client.post(address, {"why": "it lies far from the middle", "body": MILLBROOK})
            assert response.status_code == 302, response.content.decode()[:2000]
            case = response["Location"]
            found = [client.get(case).content]
            papers = sorted(set(re.findall(r"/papers/[0-9a-f]{64}/", found[0].decode())))
            pack = client.get(f"{case}everything.zip")
            whole = b"".join(pack.streaming_content) if pack.streaming else pack.content
            with zipfile.ZipFile(io.BytesIO(whole)) as box:
                found += [box.read(name) for name in sorted(box.namelist())]
            found += [client.get(each).content for each in papers]
            found += [client.get(each.rstrip("/") + ".json").content for each in papers]
            found.append(client.get(f"{case}follow.atom").content)
            said[world] = sorted(steadied(each) for each in found)
            assert papers
            transaction.set_rollback(True)
    assert said[3] == said[6]


def steadied(content):
    """Without what names the moment: times, and the digests that hang on them."""
    content = re.sub(rb'name="(csrfmiddlewaretoken|form)" value="[^"]+"', b"", content)
    content = re.sub(rb"[0-9a-f]{12,64}|[0-9a-f]{4}( [0-9a-f]{4}){3}", b"", content)
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ+:]*|\d\d:\d\d", b"", content)
