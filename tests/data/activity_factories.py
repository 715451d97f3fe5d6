"""Small tables in the layouts that publishers use; every number is invented, only headings and codes are real."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

Rows = list[list[object]]

AE = ["Period", "Org Code", "Parent Org", "Org name",
      *(f"A&E attendances {kind}" for kind in ("Type 1", "Type 2", "Other A&E Department")),
      *(f"A&E attendances Booked Appointments {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
      *(f"Attendances over 4hrs {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
      *(f"Attendances over 4hrs Booked Appointments {kind}" for kind in ("Type 1", "Type 2", "Other Department")),
      "Patients who have waited 4-12 hs from DTA to admission",
      "Patients who have waited 12+ hrs from DTA to admission", "Emergency admissions via A&E - Type 1",
      "Emergency admissions via A&E - Type 2", "Emergency admissions via A&E - Other A&E department",
      "Other emergency admissions"]
RTT = ["Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
       "Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name",
       "RTT Part Type", "RTT Part Description", "Treatment Function Code", "Treatment Function Name",
       *(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)), "Gt 104 Weeks SUM 1", "Total",
       "Patients with unknown clock start date", "Total All"]
BEDS = [f"{kind}_{what}" for kind, rate in (
    ("general_acute_beds", ""), ("adult_general_acute_beds", ""), ("paediatric_general_acute_beds", ""),
    ("adult_critical_care_beds", "adult_critical_care"), ("paediatric_intensive_cared_beds",
    "paediatric_intensive_cared"), ("neonatal_intensive_care_bed", "neonatal_intensive_care"))
    for what in ("available", "occupied")]
TRUSTS = ["RAA", "RBB", "RCC", "RDD", "REE", "RFF", "RGG", "RHH", "RJJ", "RKK"]


def ae_month(month: str = "APRIL-2031", providers: Sequence[str] = TRUSTS[:3], *, total: bool = True) -> Rows:
    """Provider n: 100n type 1, 10n other, 5n booked; 20n over four hours and n booked; 8n and 2n waited for a bed."""
    rows: Rows = []
    for n, code in enumerate(providers, 1):
        rows.append([f"MSitAE-{month}", code, "NHS ENGLAND MIDLANDS ", f"TRUST {code}", 100 * n, 0, 10 * n, 5 * n, 0, 0,
                     20 * n, 0, 0, n, 0, 0, 8 * n, 2 * n, 40 * n, 0, 0, 10 * n])
    if total:
        sums = [sum(int(str(row[place])) for row in rows) for place in range(4, len(AE))]
        rows.append(["TOTAL"] * 4 + list(sums))
    return [list(AE), *rows]


def rtt_row(function: str = "C_100", *, provider: str = "RAA", commissioner: str = "15M", part: str = "Part_2",
            early: int = 30, late: int = 10, month: str = "November-2031") -> list[object]:
    """Pathways of which ``early`` waited one to two weeks and ``late`` twenty to twenty-one."""
    weeks: list[object] = [0] * 105
    weeks[1], weeks[20] = early, late
    if part == "Part_3":
        weeks = [""] * 105
    return [f"RTT-{month}", "QJ2", "BOARD", provider, "TRUST", "", "", commissioner, "GROUP", part, "Words", function,
            "Total" if function == "C_999" else f"Service {function}", *weeks, "", "", early + late]


def workbook_rows(level: str = "Commissioner", *, month: str = "March 2031",
                  groups: Sequence[str] = ("03X", "03Y", "04J"), functions: Sequence[str] = ("IP100", "IP101", "IP999"),
                  ) -> Rows:
    """The sheet of a level: thirteen lines above its heading. Function f of group n: 10n within, n beyond 18 weeks."""
    weeks = [f">{week}-{week + 1}" for week in range(52)] + ["52 plus"]
    rows: Rows = [[], ["", "Title:", "Referral to Treatment (RTT) Waiting Times"], ["", "Summary:", "Monthly waits"],
                  [], ["", "Period:", month], ["", "Source:", "Collection"], ["", "Basis:", level],
                  ["", "Published:", "14th May 2031"], ["", "Status:", "Published"], [], [], [],
                  ["", f"{level} Level Data"]]
    rows.append(["", "Area Team Code", "CCG Code" if level == "Commissioner" else "Provider Code", "Name",
                 "Treatment Function Code", "Treatment Function", *weeks, "Total number of incomplete pathways",
                 "Total within 18 weeks", "% within 18 weeks", "Average (median) waiting time (in weeks)",
                 "95th percentile waiting time (in weeks)"])
    for n, group in enumerate(groups, 1):
        for function in functions:
            times = len(functions) - 1 if function == "IP999" else 1
            cells: list[object] = [0] * 53
            cells[17], cells[18] = 10 * n * times, n * times
            rows.append(["", "Q44", group, f"GROUP {group}", function, "Total" if function == "IP999" else function,
                         *cells, 11 * n * times, 10 * n * times, 10 / 11, "-", "-"])
    return rows


def appointments(month: str = "MAR2031", code: str = "15M", count: int = 100) -> Rows:
    """Three rows attended (two of the same day), one missed."""
    about: list[object] = [code, "E38000229", "NHS Group", "E54000012", "System  STP", "E40000008", "Midlands", month]
    return [["CCG_CODE", "CCG_ONS_CODE", "CCG_NAME", "STP_ONS", "STPNM", "REGION_ONS_CODE", "REGION_NAME",
             "Appointment_Month", "APPT_STATUS", "HCP_TYPE", "APPT_MODE", "TIME_BETWEEN_BOOK_AND_APPT",
             "COUNT_OF_APPOINTMENTS"],
            [*about, "Attended", "GP", "Face-to-Face", "Same Day", count],
            [*about, "Attended", "GP", "Telephone", "Same Day", 2 * count],
            [*about, "Attended", "Other Practice staff", "Face-to-Face", "15  to 21 Days", 3 * count],
            [*about, "DNA", "GP", "Face-to-Face", "15  to 21 Days", count // 2]]


def as_csv(rows: Rows, *, separator: str = ",", ending: str = "\n") -> str:
    """Rows as a file has them."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=ending).writerows(rows)
    return out.getvalue()
