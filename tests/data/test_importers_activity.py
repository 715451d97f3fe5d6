"""Files of activity, waiting and beds in the layouts of their publishers, whole and broken in small ways."""

import gzip
import random
from datetime import date

import openpyxl
import pytest

from data.activity_factories import AE, RTT, ae_month, appointments, as_csv, rtt_row, workbook_rows
from evenhand.data.engine import observations, rows_of
from evenhand.data.load import load, opened, recognised
from evenhand.terms import Refused


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def loaded(folder, rows, name="file.csv"):
    (one,) = load([written(folder, name, rows if isinstance(rows, str | bytes) else as_csv(rows))],
                  folder / "workspace").loaded
    return one.held


def shares(folder, measure):
    held = observations(folder / "workspace", measure=[measure]).to_pylist()
    return {(row["unit"], str(row["month"])[:7]): (row["numerator"], row["denominator"]) for row in held}


def counts(folder, **wanted):
    return [row for row in rows_of(folder / "workspace", "activity")
            if all(row[name] == value for name, value in wanted.items())]


def refused(folder, rows, name="file.csv"):
    with pytest.raises(Refused) as told:
        loaded(folder, rows, name)
    assert not (folder / "workspace").exists()
    return "\n".join(told.value.lines())


# What a month of A&E gives, and in how many spellings the same month may come.

def test_booked_attendances_are_counted_in_as_in_the_published_share(tmp_path):
    loaded(tmp_path, ae_month())
    # Provider 2: 200 type 1, 20 other and 10 booked; 40 over four hours and 2 of those booked.
    assert shares(tmp_path, "ae-over-4-hours")["RBB", "2031-04"] == (40 + 2, 200 + 20 + 10)
    # 16 waited 4 to 12 hours for a bed, 4 longer; 80 were admitted through the department and 20 otherwise.
    assert shares(tmp_path, "ae-4-hours-for-a-bed")["RBB", "2031-04"] == (16 + 4, 80 + 20)
    assert shares(tmp_path, "ae-12-hours-for-a-bed")["RBB", "2031-04"] == (4, 80 + 20)
    assert shares(tmp_path, "ae-admitted")["RBB", "2031-04"] == (80, 230)


def test_a_month_is_kept_from_its_first_day_to_its_last(tmp_path):
    loaded(tmp_path, ae_month("FEBRUARY-2032"))
    (row,) = counts(tmp_path, provider="RAA", counted="attendances", point_of_delivery="A&E type 1 (major)")
    assert (row["first"], row["last"], row["count"]) == (date(2032, 2, 1), date(2032, 2, 29), 100)
    assert row["commissioner"] is row["cost"] is None


def shuffled(rows):
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)
    return [[row[place] for place in order] for row in rows]


def edited(rows, change):
    return [[change(cell) for cell in row] for row in rows]


SPELLINGS = {
    "columns in another order": lambda rows: as_csv(shuffled(rows)),
    "rows in another order": lambda rows: as_csv([rows[0], *rows[:0:-1]]),
    "no total": lambda rows: as_csv(rows[:-1]),
    "marked as UTF-8": lambda rows: b"\xef\xbb\xbf" + as_csv(rows).encode(),
    "lines of Windows": lambda rows: as_csv(rows, ending="\r\n"),
    "semicolons": lambda rows: as_csv(rows, separator=";"),
    "tabs": lambda rows: as_csv(rows, separator="\t"),
    "gzip": lambda rows: gzip.compress(as_csv(rows).encode()),
    "a blank line within": lambda rows: as_csv(rows[:2]) + "\n" + as_csv(rows[2:]),
    "blank lines above and below": lambda rows: "\n\n" + as_csv(rows) + "\n\n",
    "commas left below": lambda rows: as_csv(rows) + "," * (len(AE) - 1) + "\n",
    "headings in capitals": lambda rows: as_csv([[str(each).upper() for each in rows[0]], *rows[1:]]),
    "headings with spaces": lambda rows: as_csv([[f" {str(each).replace(' ', '  ')} " for each in rows[0]], *rows[1:]]),
    "hours spelt out": lambda rows: as_csv([[str(each).replace("4hrs", "4 hours").replace("12 hs", "12 hrs")
                                             for each in rows[0]], *rows[1:]]),
    "headings of another year": lambda rows: as_csv([[str(each).replace("A&E attendances", "Number of A&E attendances")
                                                      for each in rows[0]], *rows[1:]]),
    "one column more": lambda rows: as_csv([[*row, "x"] for row in rows]),
    "spaces round cells": lambda rows: as_csv([rows[0], *edited(rows[1:], lambda cell: f" {cell} ")]),
    "thousands with commas": lambda rows: as_csv([rows[0], *edited(
        rows[1:], lambda cell: f"{cell:,}" if isinstance(cell, int) else cell)]),
    "total named once": lambda rows: as_csv([*rows[:-1], ["", "Total", "", "", *rows[-1][4:]]]),
}


@pytest.mark.parametrize("way", list(SPELLINGS))
def test_the_same_month_spelt_otherwise_gives_the_same_figures(way, tmp_path):
    held = loaded(tmp_path, SPELLINGS[way](ae_month()))
    assert (held.source, held.rows_kept) == ("ae-monthly", 3)
    assert shares(tmp_path, "ae-over-4-hours") == {
        (code, "2031-04"): (21 * n, 115 * n) for n, code in enumerate(("RAA", "RBB", "RCC"), 1)}
    assert not any("total row says" in remark for remark in held.remarks)


def test_months_come_file_by_file_and_stand_side_by_side(tmp_path):
    loaded(tmp_path, ae_month("APRIL-2031"), "april.csv")
    loaded(tmp_path, ae_month("MAY-2031"), "may.csv")
    assert {month for _, month in shares(tmp_path, "ae-over-4-hours")} == {"2031-04", "2031-05"}


def test_parts_of_one_month_by_provider_all_count_and_the_same_cell_once(tmp_path):
    loaded(tmp_path, ae_month(providers=["RAA", "RBB"]), "first.csv")
    loaded(tmp_path, ae_month(providers=["RAA", "RBB", "RCC"]), "second.csv")
    held = observations(tmp_path / "workspace", measure=["ae-over-4-hours"]).column("unit").to_pylist()
    assert held == ["RAA", "RBB", "RCC"]


def test_a_total_that_its_rows_do_not_give_is_said(tmp_path):
    rows = ae_month()
    del rows[2]
    held = loaded(tmp_path, rows)
    # Of 600 attendances at departments of type 1, 200 were in the row that is gone.
    assert any("total row says 600 for “A&E attendances Type 1” and its rows add up to 400" in remark
               for remark in held.remarks)


def test_a_figure_held_back_takes_its_row_out_with_a_reason_and_is_never_nought(tmp_path):
    rows = ae_month(total=False)
    rows[1][4] = "*"
    held = loaded(tmp_path, rows)
    assert [(each["count"], each["examples"][0]["row"]) for each in held.refusals] == [(1, 1)]
    assert "RAA" not in {unit for unit, _ in shares(tmp_path, "ae-over-4-hours")}


def spoilt(rows, row, column, value):
    rows = [list(each) for each in rows]
    rows[row][column] = value
    return rows


@pytest.mark.parametrize(("rows", "message"), [
    (spoilt(ae_month(), 2, 4, -5), "file.csv:2:A&E attendances Type 1: a count cannot be negative (-5 found)"),
    (spoilt(ae_month(), 2, 4, "many"), "file.csv:2:A&E attendances Type 1: this is not a number (many found)"),
    (spoilt(ae_month(), 2, 4, 200.5), "file.csv:2:A&E attendances Type 1: a count has no decimals (200.5 found)"),
    (spoilt(ae_month(), 2, 10, 999), "file.csv:2:Attendances over 4hrs Type 1: this is above “A&E attendances Type 1”"),
    (spoilt(ae_month(), 2, 0, "MSitAE-SMARCH-2031"), "file.csv:2:Period: this is not a month"),
    ([*ae_month(total=False), ae_month()[1]], "file.csv:4:Period: row 1 is for the same Period, Org Code"),
    ([ae_month()[0], ae_month()[-1]], "no row of this file can be used"),
    ([row[:-1] for row in ae_month()], "the nearest is ae-monthly"),
])
def test_what_cannot_be_refuses_the_whole_file_and_names_row_and_column(rows, message, tmp_path):
    assert message in refused(tmp_path, rows)


def test_headings_in_words_of_a_collection_are_known_too(tmp_path):
    held = loaded(tmp_path, "Date;ICB22 Code;Total Attendances;Attendances Over 4Hours;Total Emergency Admissions;"
                            "Emergency Admissions Over 4Hours\nApril 2031;E54000058;1000;300;200;50\n")
    assert held.source == "ae-by-board"
    assert shares(tmp_path, "ae-over-4-hours-by-board") == {("E54000058", "2031-04"): (300, 1_000)}


# Waiting lists.

def test_a_list_is_shared_at_18_weeks_for_the_provider_and_kept_by_commissioner_and_service(tmp_path):
    rows = [RTT, rtt_row("C_100"), rtt_row("C_101", early=5, late=5), rtt_row("C_999", early=35, late=15),
            rtt_row("C_100", part="Part_1A"), rtt_row("C_100", part="Part_3"),
            rtt_row("C_100", commissioner="11J", early=50, late=0)]
    held = loaded(tmp_path, rows)
    # 10 + 5 + 0 of 40 + 10 + 50 waited beyond 18 weeks; what is completed or new is no list.
    assert shares(tmp_path, "waits-over-18-weeks") == {("RAA", "2031-11"): (15, 100)}
    assert held.rows_kept == 5
    (new,) = counts(tmp_path, point_of_delivery="new")
    assert (new["commissioner"], new["specialty"], new["count"]) == ("15M", "Service C_100", 40)


@pytest.mark.parametrize(("row", "message"), [
    (rtt_row(part="Part_9"), "no row of this file can be used"),
    (spoilt([rtt_row()], 0, -1, 20)[0], "1:Total All: the pathways by week are more than all of them (20 found)"),
    (spoilt([rtt_row()], 0, 14, -1)[0], "a count cannot be negative"),
])
def test_a_list_that_cannot_be_is_refused(row, message, tmp_path):
    assert message in refused(tmp_path, [RTT, row])


def test_the_empty_code_of_a_commissioners_parent_is_no_fault(tmp_path):
    assert loaded(tmp_path, [RTT, rtt_row()]).refusals == ()


def workbook(folder, rows, title="Commissioner"):
    book = openpyxl.Workbook()
    front = book.active
    front.title = "National"
    for row in workbook_rows("National")[:13]:
        front.append(row)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    path = folder / "Incomplete-Mar31.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(("level", "measure"), [("Commissioner", "waits-over-18-weeks-by-commissioner"),
                                                ("Provider", "waits-over-18-weeks")])
def test_a_workbook_is_read_below_its_preamble_on_the_sheet_of_its_level(level, measure, tmp_path):
    path = workbook(tmp_path, workbook_rows(level, month="April 2031"), level)
    (one,) = load([path], tmp_path / "workspace").loaded
    # Group 2 has two services, each with 20 pathways within 18 weeks and 2 beyond.
    assert shares(tmp_path, measure)["03Y", "2031-04"] == (2 * 2, 2 * 22)
    assert (one.held.rows_read, one.held.rows_kept) == (9, 6)


def test_a_workbook_whose_preamble_is_longer_is_read_all_the_same(tmp_path):
    rows = workbook_rows()
    rows.insert(9, ["", "Revised:", "9th July 2031"])
    load([workbook(tmp_path, rows)], tmp_path / "workspace")
    assert shares(tmp_path, "waits-over-18-weeks-by-commissioner")["03X", "2031-03"] == (2, 22)


@pytest.mark.parametrize(("change", "message"), [
    (lambda rows: spoilt(rows, 14, 24, 99), "sheet Commissioner:1:Total number of incomplete pathways: the weeks do "),
    (lambda rows: spoilt(rows, 5 - 1, 2, "soon"), "the workbook does not say of which month it is"),
    (lambda rows: rows[:13], "has no line with “Treatment Function Code”"),
])
def test_a_workbook_that_does_not_add_up_or_say_its_month_is_refused(change, message, tmp_path):
    path = workbook(tmp_path, change(workbook_rows()))
    with pytest.raises(Refused) as told:
        load([path], tmp_path / "workspace")
    assert message in "\n".join(told.value.lines())


def test_months_of_waiting_are_those_who_wait_for_each_one_treated(tmp_path):
    loaded(tmp_path, "stp20_nhs_code,date,year,month,completed,incomplete,new\nQJ2,2031-04-01,2031,Apr,1000,6500,1100\n"
                     "QE1,2031-04-01,2031,Apr,0,10,1\n")
    assert shares(tmp_path, "months-of-waiting") == {("QJ2", "2031-04"): (6_500, 1_000)}


def test_the_longest_waits_of_a_region_are_part_of_the_long_ones(tmp_path):
    text = "nhs_region20_name,date,year,month,treatment,waits_over_18_weeks,waits_over_52_weeks\n"
    assert "file.csv:1:waits_over_52_weeks: this is above “waits_over_18_weeks”" in refused(
        tmp_path, text + "Midlands,2031-04-01,2031,Apr,Cardiology,5,9\n")


# Cancer, beds, therapies, appointments.

CANCER = "metric,period_month,period_date,org_code,org_name,total_patients,within_62d,breached_62d,compliance_rate\n"


def test_a_shared_cancer_patient_counts_as_half(tmp_path):
    loaded(tmp_path, CANCER + "62d_combined,2031-04,2031-04-01,RAA,T,10.5,8,2.5,0.76\n")
    assert shares(tmp_path, "cancer-over-62-days") == {("RAA", "2031-04"): (2.5, 10.5)}


def test_cancer_patients_must_add_up(tmp_path):
    assert "file.csv:1:total_patients: patients within and over 62 days do not add up" in refused(
        tmp_path, CANCER + "62d_combined,2031-04,2031-04-01,RAA,T,10.5,9,2.5,0.76\n")


def test_a_day_is_kept_as_a_day_and_a_month_is_the_mean_of_its_days(tmp_path):
    held = loaded(tmp_path, "icb22_code,date,do_not_meet_criteria_to_reside\nE54000058,2031-04-01,100\n"
                            "E54000058,2031-04-02,120\n")
    assert shares(tmp_path, "patients-who-could-leave") == {("E54000058", "2031-04"): (220, 2)}
    assert [(row["first"], row["last"], row["count"]) for row in counts(tmp_path)] == [
        (date(2031, 4, 1), date(2031, 4, 1), 100), (date(2031, 4, 2), date(2031, 4, 2), 120)]
    assert any("1 month of a board lack some days" in remark for remark in held.remarks)


def test_a_thirtieth_of_february_is_refused(tmp_path):
    assert "file.csv:1:date: this is not a day (2031-02-30 found)" in refused(
        tmp_path, "icb22_code,date,do_not_meet_criteria_to_reside\nE54000058,2031-02-30,100\n")


OVERNIGHT = ("quarter,period_start,period_end,org_code,org_name,specialty_group,available_total,occupied_total,"
             "specialty_code,specialty_name,occupied\n")


def test_the_dates_of_a_quarter_are_trusted_and_not_its_label(tmp_path):
    held = loaded(tmp_path, OVERNIGHT + "2031-32 Q4,2031-01-01,2031-03-31,RAA,T,maternity,50,40,501,Obstetrics,40\n")
    assert {(row["first"], row["last"]) for row in counts(tmp_path)} == {(date(2031, 1, 1), date(2031, 3, 31))}
    assert any("2031-32 Q4" in remark and "the dates are read" in remark for remark in held.remarks)


def test_the_open_beds_of_a_group_count_once_however_many_specialties_it_has(tmp_path):
    loaded(tmp_path, OVERNIGHT + "".join(f"2031-32 Q1,2031-04-01,2031-06-30,RAA,T,maternity,50,40,{code},{code},20\n"
                                         for code in ("501", "560")))
    assert [row["count"] for row in counts(tmp_path, counted="overnight beds open, all specialties")] == [50]


@pytest.mark.parametrize(("line", "message"), [
    ("2031-32 Q1,2031-04-01,2031-07-31,RAA,T,maternity,50,40,501,X,20\n", "1:period_end: the period is no quarter"),
    ("2031-32 Q1,2031-04-01,2031-06-30,RAA,T,maternity,50,40,501,X,45\n", "1:occupied: this is above “occupied_total”"),
])
def test_a_quarter_that_cannot_be_is_refused(line, message, tmp_path):
    assert message in refused(tmp_path, OVERNIGHT + line)


def test_the_eve_of_a_month_by_a_clock_an_hour_behind_is_that_month(tmp_path):
    text = "month_start,att_all,within_4h,over_4h,percent_in_4h,e_adm_over_4h,e_adm_via_ed\n"
    loaded(tmp_path, text + "2031-02-01,90,80,10,88,1,20\n2031-04-01,100,90,10,90,1,20\n"
                            "2031-05-31,100,70,30,70,1,20\n")
    assert shares(tmp_path, "ae-over-4-hours") == {("hospital not named", month): figures for month, figures in (
        ("2031-02", (10, 90)), ("2031-04", (10, 100)), ("2031-06", (30, 100)))}


def test_the_last_day_of_a_winter_month_may_be_that_month_or_the_next_and_is_refused(tmp_path):
    text = "month_start,att_all,within_4h,over_4h,percent_in_4h,e_adm_over_4h,e_adm_via_ed\n"
    assert "file.csv:1:month_start: this is neither the first day of a month nor, in summer, its eve" in refused(
        tmp_path, text + "2031-01-31,90,80,10,88,1,20\n")


def test_a_count_held_back_is_hidden_and_no_share_is_made_of_it(tmp_path):
    text = "sicbl22_code,date,name,value\n"
    loaded(tmp_path, text + "E38000243,July 2031,Count_FinishedCourseTreatment,300\n"
                            "E38000243,July 2031,Count_Deterioration,NA\nE38000244,July 2031,Count_Deterioration,15\n"
                            "E38000244,July 2031,Count_FinishedCourseTreatment,150\n"
                            "E38000244,July 2031,Percentage_Recovery,51\n")
    assert shares(tmp_path, "therapies-worse") == {("E38000244", "2031-07"): (15, 150)}
    (hidden,) = counts(tmp_path, commissioner="E38000243", counted="people who reliably got worse")
    assert hidden["count"] is None
    assert "suppressed" in hidden["hidden"]
    (percent,) = counts(tmp_path, counted="recovery, per cent")
    assert (percent["count"], percent["count_unit"]) == (51, "per cent, as published")


def test_shares_of_appointments_leave_out_what_is_not_known(tmp_path):
    rows = appointments()
    rows.append([*rows[1][:8], "Unknown", "Unknown", "Unknown", "Unknown / Data Issue", 400])
    loaded(tmp_path, rows)
    # 100 + 200 + 300 attended and 50 missed; 300 of them on the day; 200 by telephone.
    assert shares(tmp_path, "gp-missed") == {("15M", "2031-03"): (50, 650)}
    assert shares(tmp_path, "gp-same-day") == {("15M", "2031-03"): (300, 650)}
    assert shares(tmp_path, "gp-face-to-face") == {("15M", "2031-03"): (450, 650)}


def test_double_spaces_in_the_time_of_booking_are_one(tmp_path):
    loaded(tmp_path, appointments())
    assert any("15 to 21 days" in row["counted"] for row in counts(tmp_path))


def test_regions_of_one_release_all_count(tmp_path):
    loaded(tmp_path, appointments(code="15M"), "one.csv")
    loaded(tmp_path, appointments(code="52R"), "two.csv")
    assert {unit for unit, _ in shares(tmp_path, "gp-missed")} == {"15M", "52R"}


def test_rows_of_groups_that_later_merged_are_added_up(tmp_path):
    rows = appointments(count=100)
    held = loaded(tmp_path, [*rows, *appointments(count=20)[1:]])
    assert shares(tmp_path, "gp-missed") == {("15M", "2031-03"): (50 + 10, 650 + 130)}
    assert any("8 rows became 4" in remark for remark in held.remarks)


def by_category(rows):
    head = ["SUB_ICB_LOCATION_CODE" if each == "CCG_CODE" else each for each in rows[0]]
    return [["NATIONAL_CATEGORY", *head], *(["Routine", *row] for row in rows[1:]),
            *(["Planned", *row] for row in rows[1:])]


def test_later_releases_part_appointments_by_national_category_and_are_added_up(tmp_path):
    held = loaded(tmp_path, by_category(appointments()))
    assert shares(tmp_path, "gp-missed") == {("15M", "2031-03"): (2 * 50, 2 * 650)}
    assert any("rows of several national categories were added up" in remark for remark in held.remarks)


def test_a_row_of_one_category_there_twice_is_refused(tmp_path):
    rows = by_category(appointments())
    assert "file.csv:9:NATIONAL_CATEGORY: row 1 is for the same" in refused(tmp_path, [*rows, rows[1]])


@pytest.mark.parametrize("rows", [
    [*appointments(), appointments()[2]], [*appointments(), *appointments()[1:]],
    [*appointments(), *appointments(count=20)[1:], *appointments()[1:], *appointments(count=20)[1:]]],
    ids=["one row", "all rows", "all rows of merged groups"])
def test_rows_there_twice_are_refused(rows, tmp_path):
    assert "this row is there twice" in refused(tmp_path, rows)


# Scotland and Wales.

def test_scotland_as_a_whole_and_totals_over_ages_are_left_out_and_beds_are_bed_days_over_days(tmp_path):
    text = "hb_code,date,age_group,delay_reason,num_delayed_bed_days,average_daily_delayed_beds\n"
    rows = [("S08000015", "18plus", "All Delay Reasons", 90), ("S08000015", "18-74", "All Delay Reasons", 90),
            ("S08000015", "18-74", "Code 9 AWI", 90), ("S92000003", "18-74", "Code 9 AWI", 900)]
    held = loaded(tmp_path, text + "".join(f"{board},2031-04-01,{age},{why},{days},3\n" for board, age, why, days
                                           in rows))
    assert shares(tmp_path, "beds-delayed") == {("S08000015", "2031-04"): (90, 30)}
    assert (held.rows_kept, [row["count"] for row in counts(tmp_path)]) == (1, [90])


def test_the_whole_of_a_scottish_share_is_told_where_it_gives_whole_patients(tmp_path):
    text = "hb19_code,date,year,month,specialty,waits_over_18_weeks_count,waits_over_18_weeks_percent\n"
    held = loaded(tmp_path, text + f"S08000015,2031-04-01,2031,Apr,All Specialties,300,{300 / 7_001!r}\n"
                                   "S08000016,2031-04-01,2031,Apr,All Specialties,300,0.043\n"
                                   "S08000017,2031-04-01,2031,Apr,All Specialties,0,NA\n")
    assert shares(tmp_path, "waited-over-18-weeks-scotland") == {("S08000015", "2031-04"): (300, 7_001)}
    assert any("1 figure without a share" in remark for remark in held.remarks)


def test_welsh_counts_below_five_are_hidden_and_not_nought(tmp_path):
    text = "lhb22_code,lhb22_name,date,pathway_stage,waits_over_18_weeks,waits_over_53_weeks,total_waits\n"
    loaded(tmp_path, text + "W11000023,B,2031-04-01,One,30,NA,100\nW11000023,B,2031-04-01,Two,10,6,50\n")
    assert shares(tmp_path, "waits-over-18-weeks-wales") == {("W11000023", "2031-04"): (40, 150)}
    (hidden,) = counts(tmp_path, point_of_delivery="One", counted="pathways over 53 weeks")
    assert (hidden["count"], hidden["hidden"]) == (None, "fewer than five, not published")


def test_groups_of_scottish_specialties_are_sums_and_a_bed_is_counted_once(tmp_path):
    text = "hb19_code,date,specialty,average_number_available_staffed_beds,average_number_occupied_beds,percent\n"
    held = loaded(tmp_path, text + "S08000015,2031-04-01,Urology,10.5,9,0.8\nS08000015,2031-04-01,Surgery Grouping,"
                                   "10.5,9,0.8\nS08000015,2031-04-01,All Specialties,10.5,9,0.8\n")
    assert held.rows_kept == 1
    (row,) = counts(tmp_path, counted="staffed beds open")
    assert (row["count"], row["first"], row["last"]) == (10.5, date(2031, 4, 1), date(2031, 6, 30))


def test_a_table_of_activity_is_no_other_publication(tmp_path):
    for name, rows in (("a.csv", ae_month()), ("g.csv", appointments()), ("r.csv", [RTT, rtt_row()])):
        assert recognised(opened(written(tmp_path, name, as_csv(rows)))).name in (
            "ae-monthly", "gp-appointments", "rtt-as-published")
