import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from missions import un_data
from missions.loading import remember
from missions.models import Figure, Mission

from .factories import make_mission, make_source

pytestmark = pytest.mark.django_db
HEADER = "id,incident_date,casualty_id,mission_acronym,type_of_incident,last_update\n"
PKO = ("id,mission_acronym,mission_name,lead_department,mission_isactive,start_date,end_date,mission_location,"
       "mission_longitude,mission_latitude,last_update\n")  # fmt: skip


def deaths(*rows, update="2025-04-04"):
    return HEADER + "".join(
        f"{n},{day},X-{n},{acronym},{kind},{update}\n" for n, (day, acronym, kind) in enumerate(rows)
    )


THREE = (("1999-05-01", "UNX", "Accident"), ("1999-06-01", "UNX", "Malicious Act"), ("2000-01-01", "UNX", "Unknown"))


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return str(path)

    return write


@pytest.fixture
def mission():
    make_source(slug="un-fatalities-dataset")
    make_source(slug="un-missions-dataset")
    mission = make_mission(slug="unx", acronym="UNX")
    remember(mission)
    return mission


def run(command, path, *options):
    out = StringIO()
    call_command(command, path, *options, stdout=out)
    return out.getvalue().splitlines()


def held():
    return {(f.period, f.scope, f.preferred): f.value for f in Figure.objects.all()}


def test_nothing_is_written_without_apply(file, mission):
    lines = run("import_un_fatalities", file(deaths(*THREE)))
    assert lines[0] == "new: 9"
    assert lines[-1] == "Nothing was written. With --apply, 9 values would be."
    assert Figure.objects.count() == 0


def test_deaths_are_counted_in_all_and_by_year_and_cause(file, mission):
    run("import_un_fatalities", file(deaths(*THREE)), "--apply")
    assert held() == {
        ("", "all", True): 3, ("", "accident", True): 1, ("", "malicious-act", True): 1, ("", "other", True): 1,
        ("1999", "all", True): 2, ("1999", "accident", True): 1, ("1999", "malicious-act", True): 1,
        ("2000", "all", True): 1, ("2000", "other", True): 1,
    }  # fmt: skip
    assert {f.as_of for f in Figure.objects.all()} == {datetime.date(2025, 4, 4)}


def test_the_same_file_again_changes_nothing(file, mission):
    path = file(deaths(*THREE))
    run("import_un_fatalities", path, "--apply")
    lines = run("import_un_fatalities", path, "--apply")
    assert lines[:4] == ["new: 0", "changed: 0", "unchanged: 9", "conflicting: 0"]
    assert Figure.objects.count() == 9


def test_a_newer_file_adds_dated_values_and_keeps_the_old_ones(file, mission):
    run("import_un_fatalities", file(deaths(*THREE)), "--apply")
    newer = file(deaths(*THREE, ("2000-02-01", "UNX", "Illness"), update="2026-01-01"))
    lines = run("import_un_fatalities", newer, "--apply")
    assert "  UNX in all, all: 3 to 4" in lines
    totals = Figure.objects.filter(period="", scope="all").order_by("as_of").values_list("value", "preferred")
    assert list(totals) == [(3, False), (4, True)]


def test_a_value_that_an_editor_set_is_left_and_listed(file, mission):
    run("import_un_fatalities", file(deaths(*THREE)), "--apply")
    Figure.objects.filter(period="", scope="all").update(value=30)
    lines = run("import_un_fatalities", file(deaths(*THREE)), "--apply")
    assert "  UNX in all, all: the file says 3, an editor set 30" in lines
    assert held()["", "all", True] == 30


def test_an_older_file_does_not_replace_newer_values(file, mission):
    run("import_un_fatalities", file(deaths(*THREE, update="2026-01-01")), "--apply")
    lines = run("import_un_fatalities", file(deaths(THREE[0], update="2025-01-01")), "--apply")
    assert "  UNX in all, all: the file says 1 at 2025-01-01, held is 3 at 2026-01-01" in lines
    assert held()["", "all", True] == 3


def test_a_mission_that_is_not_in_the_register_is_listed(file, mission):
    lines = run("import_un_fatalities", file(deaths(*THREE, ("2001-01-01", "UNAMA", "Illness"))))
    assert lines[lines.index("in the file but in no mission of the register: 1") + 1] == "  UNAMA: 1"


@pytest.mark.parametrize(
    ("acronym", "year", "ours"),
    [("UNEF", 1957, "UNEF I"), ("UNEF", 1980, "UNEF II"), ("UNAVEM", 1993, "UNAVEM II"), ("UNAVEM", 1996, "UNAVEM III"),
     ("UNOSOM", 1993, "UNOSOM II"), ("UNPSG", 1998, "UNCPSG"), ("UNX", 2000, "UNX")],
)  # fmt: skip
def test_pooled_operations_are_told_apart_by_year(acronym, year, ours):
    assert un_data.acronym_of(acronym, year) == ours


def test_a_pooled_figure_says_so():
    assert "UNOSOM I and UNOSOM II together" in un_data.note_for("UNOSOM II")
    assert "UNAVEM II and III" in un_data.note_for("UNAVEM III")
    assert un_data.note_for("UNMIK") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "line 1: the columns casualty_id, incident_date"),
        (HEADER, "holds no record"),
        (HEADER + "1,2000-01-01,X\n", "line 2: the row has not as many cells"),
        (HEADER + "1,01/02/2000,X,UNX,Accident,2025-04-04\n", "line 2: incident_date is “01/02/2000”"),
        (HEADER + "1,2000-01-01,X,UNX,Meteor,2025-04-04\n", "line 2: type_of_incident is “Meteor”"),
        ((HEADER + "1,2000-01-01,X,UNX,Accidént,2025-04-04\n").encode("latin-1"), "not UTF-8 text (byte"),
        (("\ufeff" + HEADER).encode("utf-16"), "not UTF-8 text (byte"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(file, mission, text, reason):
    with pytest.raises(CommandError) as caught:
        run("import_un_fatalities", file(text), "--apply")
    assert str(caught.value).startswith("Nothing was written.")
    assert reason in str(caught.value)


def test_a_file_that_is_not_there_is_named(mission):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_un_missions", "/nowhere.csv")


def test_a_byte_order_mark_and_a_repeated_record_are_no_hindrance(file, mission):
    text = "\ufeff" + deaths(*THREE) + "9,2000-03-01,X-0,UNX,Accident,2025-04-04\n"
    lines = run("import_un_fatalities", file(text), "--apply")
    assert lines[-2] == "  remark: line 5: the record X-0 stands in the file before; both are counted"
    assert held()["", "all", True] == 4


def pko(acronym="UNX", active="No", start="2001-02-01", end="2003-04-01", update="2024-02-19", place='"15,9","45,8"'):
    return f"{PKO}1,{acronym},Name,DPO,{active},{start},{end},Town,{place},{update}\n"


def test_placeholder_days_and_decimal_commas_are_understood(file, mission):
    Mission.objects.update(ended_on="2003-04-30", ended_precision="day")
    lines = run("import_un_missions", file(pko()))
    assert lines[:4] == ["new: 0", "changed: 0", "unchanged: 2", "conflicting: 0"]


def test_a_different_month_is_a_conflict_and_never_written(file, mission):
    lines = run("import_un_missions", file(pko(start="2002-05-01", end="")), "--apply")
    assert "  UNX, start: the file says 2002-05, held is 2001-02" in lines
    assert Mission.objects.get().started_on == datetime.date(2001, 2, 3)


def test_an_end_that_was_not_known_is_added(file, mission):
    run("import_un_missions", file(pko()), "--apply")
    mission.refresh_from_db()
    assert (mission.ended_on, mission.ended_precision, mission.status) == (datetime.date(2003, 4, 1), "month", "closed")


def test_an_edited_mission_is_left_alone(file, mission):
    Mission.objects.update(title="The editor's title")
    lines = run("import_un_missions", file(pko()), "--apply")
    assert "  UNX, end: the file says 2003-04, and an editor changed this mission" in lines
    assert Mission.objects.get().ended_on is None


def test_newer_evidence_of_activity_moves_the_status_date(file, mission):
    run("import_un_missions", file(pko(active="YES", end="")), "--apply")
    assert Mission.objects.get().verified_on == datetime.date(2024, 2, 19)


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"active": "maybe"}, "mission_isactive is “maybe”"), ({"end": "soon"}, "end_date is “soon”"),
     ({"place": "east,north"}, "mission_longitude is “east”")],
)  # fmt: skip
def test_a_wrong_mission_row_is_named(file, mission, values, reason):
    with pytest.raises(CommandError) as caught:
        run("import_un_missions", file(pko(**values)))
    assert "line 2: " + reason in str(caught.value)


def test_exchanged_coordinates_are_remarked(file, mission):
    lines = run("import_un_missions", file(pko(place='"12,6","120,5"')))
    assert "  remark: line 2, UNX: longitude and latitude look exchanged; they are not used" in lines
