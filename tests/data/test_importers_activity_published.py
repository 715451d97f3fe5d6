"""The published files of activity, waiting and beds: what we read from them, added up a second time by pandas."""

import gzip
import io
from pathlib import Path

import pandas as pd
import pytest

from evenhand.data.engine import engine, observations
from evenhand.data.load import load

pytestmark = [pytest.mark.real, pytest.mark.long]


@pytest.fixture(scope="module")
def workspace(real, tmp_path_factory):
    """All of them but the two largest, which have tests of their own."""
    folder = tmp_path_factory.mktemp("activity")
    files = [path for place in ("activity", "wales-scotland-ni") for path in sorted((real / place).rglob("*.*"))
             if path.is_file() and not any(each in path.name for each in ("README", "kh03", "2016_2019"))]
    report = load(files, folder)
    assert len(report.loaded) == len(files) == 30
    return folder


@pytest.fixture(scope="module")
def summed(workspace):
    """The sum of counts in ``activity`` where the conditions hold."""

    def total(where):
        with engine(workspace) as connection:
            return connection.execute(f"SELECT sum(count), count(*) FROM activity WHERE {where}").fetchone()

    return total


def national(workspace, measure, month, source=""):
    held = observations(workspace, measure=[measure], source=source).to_pandas()
    held = held[held.month.astype(str).str[:7] == month]
    return float(held.numerator.sum()), float(held.denominator.sum())


@pytest.mark.parametrize(("file", "month", "published"), [
    ("Monthly-AE-April-2025.csv", "2025-04", 0.748), ("Monthly-AE-May-2025.csv", "2025-05", 0.754),
    ("Monthly-AE-June-2025-1-1.csv", "2025-06", 0.755), ("July-2025-CSV-9jfy4.csv", "2025-07", 0.764)])
def test_england_within_four_hours_is_the_published_share(file, month, published, real, workspace):
    """NHS England gave 74.8, 75.4, 75.5 and 76.4 per cent for April to July 2025."""
    total = pd.read_csv(real / "activity" / "as-published" / file).iloc[-1]
    over, attended = national(workspace, "ae-over-4-hours", month, "ae-monthly")
    assert attended == sum(total[each] for each in total.index if each.startswith("A&E attendances"))
    assert over == sum(total[each] for each in total.index if each.startswith("Attendances over 4hrs"))
    assert round(1 - over / attended, 3) == published


def test_the_monthly_files_and_the_collection_by_trust_say_the_same_of_every_trust(workspace):
    both = observations(workspace, measure=["ae-over-4-hours", "ae-4-hours-for-a-bed"]).to_pandas()
    sides = [both[both.source == source].set_index(["measure", "unit", "month"])[["numerator", "denominator"]]
             for source in ("ae-monthly", "ae-by-trust")]
    joined = sides[0].join(sides[1].add_suffix("_again"), how="inner")
    assert len(joined) > 800
    assert (joined.numerator == joined.numerator_again).all()
    assert (joined.denominator == joined.denominator_again).all()


def read(real, name, folder="activity"):
    return pd.read_csv(next((real / folder).rglob(name)))


def test_attendances_of_three_years_by_organisation(real, tmp_path):
    (one,) = load([real / "activity" / "ae_attendances_by_org_2016_2019.csv.gz"], tmp_path).loaded
    raw = read(real, "ae_attendances_by_org_2016_2019.csv.gz")
    held = observations(tmp_path, measure=["ae-over-4-hours"]).to_pandas()
    assert (held.numerator.sum(), held.denominator.sum()) == (raw.breaches.sum(), raw.attendances.sum())
    assert len(held) == len(raw.groupby(["period", "org_code"]))
    assert one.held.tables["activity"] == 3 * len(raw)


def test_boards_days_and_flows_add_up(real, workspace, summed):
    reside = read(real, "england_icb_criteria_to_reside.csv.gz")
    assert summed("source = 'criteria-to-reside'") == (reside.do_not_meet_criteria_to_reside.sum(), len(reside))
    flow = read(real, "england_rtt_flow_stp.csv.gz")
    for column in ("completed", "incomplete", "new"):
        assert summed(f"source = 'rtt-flow' AND point_of_delivery = '{column}'")[0] == flow[column].sum()
    boards = read(real, "england_icb_accidents_emergency.csv.gz")
    held = observations(workspace, measure=["ae-over-4-hours-by-board"]).to_pandas()
    assert held.numerator.sum() == boards.attendances_over_4hours.sum()
    assert held.denominator.sum() == boards.total_attendances.sum()


def test_long_waits_by_region_are_those_of_the_total_rows_that_were_left_out(real, summed):
    raw = read(real, "england_rtt_region.csv.gz")
    total = raw[raw.treatment == "Total"]
    for column, what in (("waits_over_18_weeks", "pathways over 18 weeks"),
                         ("waits_over_52_weeks", "pathways over 52 weeks")):
        assert summed(f"source = 'rtt-by-region' AND counted = '{what}'")[0] == total[column].sum()


def test_the_list_of_one_provider_is_its_total_rows(real, workspace, summed):
    raw = read(real, "20241130-RTT-November-2024-RBD.csv.gz")
    totals = raw[raw["Treatment Function Code"] == "C_999"].groupby("RTT Part Type")["Total All"].sum()
    parts = {"Part_1A": "completed, admitted", "Part_1B": "completed, not admitted", "Part_2": "incomplete",
             "Part_2A": "incomplete, admission decided", "Part_3": "new"}
    for part, kind in parts.items():
        assert summed(f"source = 'rtt-as-published' AND counted = 'pathways' AND point_of_delivery = '{kind}'")[0] == \
            totals[part]
    assert national(workspace, "waits-over-18-weeks", "2024-11") == (9_163, 21_702)


def test_the_workbook_of_2015_is_the_total_of_its_national_sheet(real, workspace):
    path = next((real / "activity").rglob("Incomplete-Commissioner-Mar15.xls.gz"))
    sheet = pd.read_excel(io.BytesIO(gzip.decompress(Path(path).read_bytes())), sheet_name="National", header=None,
                          engine="calamine")
    total = sheet[(sheet == "IP999").any(axis=1)].iloc[0].tolist()
    whole, within = total[-5], total[-4]
    over, waiting = national(workspace, "waits-over-18-weeks-by-commissioner", "2015-03")
    assert (waiting, waiting - over) == (whole, within)


def test_cancer_patients_are_those_of_the_total_rows(real, workspace):
    raw = read(real, "cancer_62_day_by_trust_month.csv.gz")
    held = observations(workspace, measure=["cancer-over-62-days"]).to_pandas()
    total = raw[raw.org_code == "Total"]
    assert held.denominator.sum() == pytest.approx(total.total_patients.sum())
    assert held.numerator.sum() == pytest.approx(total.breached_62d.sum())


def test_beds_of_trusts(real, workspace):
    raw = read(real, "england_critical_general_acute_beds.csv.gz")
    raw = raw[raw.general_acute_beds_available > 0]
    held = observations(workspace, measure=["general-acute-beds-occupied"]).to_pandas()
    assert (held.numerator.sum(), held.denominator.sum()) == (
        raw.general_acute_beds_occupied.sum(), raw.general_acute_beds_available.sum())


def test_overnight_beds_lie_in_27_quarters_by_their_dates(real, tmp_path):
    (one,) = load([real / "activity" / "kh03_overnight_beds_by_specialty_2015_2021.parquet"], tmp_path).loaded
    raw = pd.read_parquet(real / "activity" / "kh03_overnight_beds_by_specialty_2015_2021.parquet")
    once = raw.drop_duplicates(["period_start", "org_code", "specialty_group"])
    with engine(tmp_path) as connection:
        found = dict(connection.execute("SELECT counted, sum(count) FROM activity GROUP BY 1").fetchall())
        quarters = connection.execute('SELECT DISTINCT "first", "last" FROM activity').fetchall()
    assert found["overnight beds occupied"] == pytest.approx(raw.occupied.sum())
    assert found["overnight beds open, all specialties"] == pytest.approx(once.available_total.sum())
    assert len(quarters) == 27
    assert any("6 labels of a quarter" in remark for remark in one.held.remarks)


def test_talking_therapies_keep_what_is_hidden_apart(real, summed):
    raw = read(real, "england_sicb_iapt.csv.gz")
    values = pd.to_numeric(raw.value, errors="coerce")
    counts = raw["name"].str.startswith("Count_")
    assert summed("source = 'talking-therapies' AND count_unit = 'people, rounded to five'")[0] == values[counts].sum()
    assert summed("source = 'talking-therapies' AND hidden IS NOT NULL") == (None, int(values.isna().sum()))


def test_appointments_of_ten_regions_all_count(real, workspace, summed):
    raw = pd.concat([pd.read_csv(path) for path in sorted((real / "activity" / "gp_appointments").glob("*.gz"))])
    assert summed("source = 'gp-appointments'")[0] == raw.COUNT_OF_APPOINTMENTS.sum()
    known = raw[raw.APPT_STATUS != "Unknown"]
    held = observations(workspace, measure=["gp-missed"]).to_pandas()
    assert held.numerator.sum() == known[known.APPT_STATUS == "DNA"].COUNT_OF_APPOINTMENTS.sum()
    assert held.denominator.sum() == known.COUNT_OF_APPOINTMENTS.sum()


def test_scotland_and_wales_add_up_to_their_own_totals(real, workspace, summed):
    beds = read(real, "scotland_beds.csv.gz", "wales-scotland-ni")
    assert summed("source = 'scotland-beds' AND counted = 'beds occupied'")[0] == pytest.approx(
        beds[beds.specialty == "All Specialties"].average_number_occupied_beds.sum())
    delayed = read(real, "scotland_delayed_discharge_hb.csv.gz", "wales-scotland-ni")
    scotland = delayed[(delayed.hb_code == "S92000003") & (delayed.age_group == "18plus")
                       & (delayed.delay_reason == "All Delay Reasons")]
    assert summed("source = 'scotland-delayed'")[0] == scotland.num_delayed_bed_days.sum()
    assert observations(workspace, measure=["beds-delayed"]).to_pandas().numerator.sum() == \
        scotland.num_delayed_bed_days.sum()
    waits = read(real, "wales_rtt_lhb.csv.gz", "wales-scotland-ni")
    held = observations(workspace, measure=["waits-over-18-weeks-wales"]).to_pandas()
    assert (held.numerator.sum(), held.denominator.sum()) == (waits.waits_over_18_weeks.sum(), waits.total_waits.sum())
    assert summed("source = 'wales-waits' AND hidden IS NOT NULL")[1] == 296
