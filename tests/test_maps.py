import json
import re
from itertools import combinations, pairwise
from math import cos, radians

import brotli
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from missions import maps
from missions.management.commands import make_world
from missions.maps import atlas, boundaries, world
from missions.maps.drawing import level_of, view_box
from missions.maps.projection import WIDTH, project

FIXTURES = settings.BASE_DIR / "fixtures"
SPRITE = make_world.SPRITE.read_text(encoding="utf-8")
PATHS = dict(re.findall(r'<path id="(\w+)" vector-effect="non-scaling-stroke" d="([^"]*)"/>', SPRITE))


def rings_of(data):
    """Return the rings of path data in steps: each begins where the one before began."""
    rings, start = [], (0, 0)
    for part in re.findall(r"m([^mz]+)z", data):
        x, y = start
        points = []
        for dx, dy in zip(*[iter(map(int, re.findall(r"-?\d+", part)))] * 2, strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        start = points[0]
        rings.append([*points, points[0]])
    return rings


def countries_at(longitude, latitude):
    point = project(longitude, latitude)
    return [
        code
        for code, data in PATHS.items()
        if code.isupper() and sum(atlas.contains(ring, point) for ring in rings_of(data)) % 2
    ]


@pytest.mark.parametrize("latitude", [0, 35, 60, -45])
def test_the_projection_keeps_areas(latitude):
    def area(south):
        corners = [project(20, south), project(20.1, south), project(20.1, south + 0.1), project(20, south + 0.1)]
        return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]))

    assert area(latitude) / area(0) == pytest.approx(cos(radians(latitude + 0.05)), rel=1e-3)


def test_the_map_is_as_wide_as_it_says():
    assert project(11.6 - 180, 0)[0] == pytest.approx(0, abs=1e-6)
    assert project(11.6 + 180, 0)[0] == pytest.approx(WIDTH)
    assert project(0, 84)[1] == pytest.approx(0)
    assert project(0, -10)[1] > project(0, 10)[1]


def test_simplifying_keeps_the_ends_and_what_stands_out():
    line = [(0, 0), (10, 1), (20, 0), (30, 40), (40, 0)]
    assert atlas.simplified(line, 50) == [0, 2, 3, 4]
    assert atlas.simplified(line, 10**6) == [0, 4]
    ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    assert atlas.simplified(ring, 10**6)[0] == 0
    assert len(atlas.simplified(ring, 10**6)) == 4


def test_path_data_goes_in_steps():
    rings = [[(5, 5), (8, 5), (8, 1)], [(20, 5), (21, 5), (21, 6)]]
    data = atlas.path(rings, close=True)
    assert data == "m5 5 3 0 0-4zm15 0 1 0 0 1z"
    assert [r[:-1] for r in rings_of(data)] == rings
    assert atlas.path([[(0, 0), (1, 1)], [(5, 5), (4, 4)]], close=False) == "m0 0 1 1m4 4-1-1"


def squares(*codes):
    """Return a topology of squares of ten degrees in a row from 0° E, each sharing a line with the next."""
    arcs, geometries = [], []
    for n, _ in enumerate([*codes, ""]):
        arcs.append([[n * 10, 0], [0, 10]])
    for n, code in enumerate(codes):
        arcs.append([[n * 10, 10], [10, 0]])
        arcs.append([[n * 10 + 10, 0], [-10, 0]])
        top = len(arcs) - 2
        ring = [n, top, ~(n + 1), top + 1]
        geometries.append({"type": "Polygon", "arcs": [ring], "properties": {"a3": code}})
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"geometries": geometries}},
    }


@pytest.fixture
def exceptions(monkeypatch):
    """Set the table of exceptions to these rows alone."""

    def set_rows(**rows):
        for name in ("DROPPED", "JOINS", "MOVES", "DASHES", "LINES"):
            monkeypatch.setattr(atlas, name, rows.get(name, ()))

    return set_rows


def built(topology):
    sprite, table = atlas.build(topology, ["AAA"])
    return dict(re.findall(r'id="(\w+)"[^>]* d="([^"]*)"', sprite)), json.loads(table)


def corners(data):
    return {tuple(p) for ring in rings_of(data) for p in ring}


def on_map(*places):
    return {tuple(round(v) for v in project(*p)) for p in places}


def test_a_joined_shape_is_one_with_its_whole_and_its_line_is_gone(exceptions):
    exceptions(JOINS=(boundaries.Join("BBB", "CCC", "Because."),))
    paths, table = built(squares("AAA", "BBB", "CCC"))
    assert sorted(table["drawn"]) == ["AAA", "CCC"]
    assert len(rings_of(paths["CCC"])) == 1
    assert corners(paths["CCC"]) == on_map((10, 0), (10, 10), (20, 10), (30, 10), (30, 0), (20, 0))
    assert paths["borders"].count("m") == 1
    assert paths["unsettled"] == ""


def test_a_dashed_line_is_no_border(exceptions):
    exceptions(DASHES=(boundaries.Dash("AAA", "BBB", "Because."),))
    paths, _ = built(squares("AAA", "BBB", "CCC"))
    assert (paths["borders"].count("m"), paths["unsettled"].count("m")) == (1, 1)


def test_only_what_lies_in_the_box_is_dashed():
    points, places = [(0, 0), (1, 0), (2, 0), (3, 0)], [(0, 0), (10, 0), (20, 0), (30, 0)]
    dash = boundaries.Dash("AAA", "BBB", "Because.", box=(9, -1, 21, 1))
    assert atlas.stretches(points, places, dash) == [
        (False, [(0, 0), (1, 0)]), (True, [(1, 0), (2, 0)]), (False, [(2, 0), (3, 0)]),
    ]  # fmt: skip


def test_land_is_moved_along_a_given_line(exceptions):
    line = ((20, 0), (15, 5), (20, 10))
    exceptions(MOVES=(boundaries.Move("BBB", "CCC", (18, 5), line, "Because."),))
    paths, _ = built(squares("AAA", "BBB", "CCC"))
    assert corners(paths["BBB"]) == on_map((10, 0), (10, 10), (20, 10), (15, 5), (20, 0))
    assert corners(paths["CCC"]) == on_map((20, 0), (15, 5), (20, 10), (30, 10), (30, 0))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"JOINS": (boundaries.Join("XXX", "AAA", ""),)}, "no shape XXX"),
        ({"DROPPED": ("XXX",)}, "no shape XXX"),
        ({"DASHES": (boundaries.Dash("AAA", "XXX", ""),)}, "no line between AAA and XXX"),
        ({"MOVES": (boundaries.Move("AAA", "BBB", (90, 5), ((0, 0), (1, 1)), ""),)}, "No shape AAA holds"),
        ({"MOVES": (boundaries.Move("AAA", "BBB", (5, 5), ((0, 4), (10, 4)), ""),)}, "does not come near"),
    ],
)
def test_a_row_that_does_not_fit_the_atlas_stops_the_build(exceptions, rows, reason):
    exceptions(**rows)
    with pytest.raises(atlas.AtlasError, match=reason):
        built(squares("AAA", "BBB"))


@pytest.mark.parametrize("text", ["{}", "[]", '{"arcs": [], "objects": 3, "transform": {}}', "no json", "\x00"])
def test_the_command_refuses_what_is_no_atlas(tmp_path, text):
    (tmp_path / "50m.json").write_text(text)
    with pytest.raises(CommandError, match="The atlas cannot be used"):
        call_command("make_world", str(tmp_path / "50m.json"))
    with pytest.raises(CommandError, match="The atlas cannot be used"):
        call_command("make_world", str(tmp_path / "missing.json"))


def test_the_command_writes_and_its_check_compares(tmp_path, monkeypatch, exceptions, capsys):
    exceptions()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    for name in ("SPRITE", "TABLE"):
        monkeypatch.setattr(make_world, name, tmp_path / name)
    source = tmp_path / "50m.json"
    source.write_text(json.dumps(squares("AAA", "BBB")))
    with pytest.raises(CommandError, match="SPRITE is not what the atlas gives"):
        call_command("make_world", "--check", str(source))
    call_command("make_world", str(source))
    call_command("make_world", "--check", str(source))
    assert capsys.readouterr().out.endswith("The map is what the atlas gives.\n")
    (tmp_path / "TABLE").write_text("{}")
    with pytest.raises(CommandError, match="TABLE is not what the atlas gives"):
        call_command("make_world", "--check", str(source))
    assert (tmp_path / "TABLE").read_text() == "{}"


def test_every_country_of_the_register_is_on_the_map():
    codes = [row["fields"]["iso3"] for row in json.loads((FIXTURES / "countries.json").read_text())]
    used = {c for row in json.loads((FIXTURES / "missions.json").read_text()) for (c,) in row["fields"]["countries"]}
    assert [c for c in {*codes, *used} if not maps.on_the_map(c)] == []
    assert [c for c, shape in world.shapes().items() if shape.is_drawn and c not in PATHS] == []


def test_every_marked_area_belongs_to_a_mission_of_the_register():
    slugs = {row["fields"]["slug"] for row in json.loads((FIXTURES / "missions.json").read_text())}
    assert set(maps.AREAS) - slugs == set()


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ((34.1, 44.95), "UKR"), ((-13.2, 27.1), "ESH"), ((44.06, 9.56), "SOM"), ((33.3, 35.3), "CYP"),
        ((35.78, 32.98), "SYR"), ((21.16, 42.66), "XKX"), ((34.45, 31.5), "PSE"), ((35.2, 31.9), "PSE"),
        ((34.8, 31.3), "ISR"), ((28.4, 9.9), "SDN"), ((41, 43), "GEO"), ((43.96, 42.23), "GEO"), ((29.6, 46.8), "MDA"),
        ((46.75, 39.8), "AZE"), ((125.6, -8.8), "TLS"), ((-72.3, 18.55), "HTI"), ((178, -17.8), "FJI"),
        ((170, 67), "RUS"), ((360 - 175, 67), "RUS"),
    ],
)  # fmt: skip
def test_places_lie_where_the_united_nations_has_them(place, country):
    assert countries_at(*place) == [country]


def test_each_exception_has_a_reason_and_shows_in_the_sprite():
    rows = [*boundaries.JOINS, *boundaries.MOVES, *boundaries.DASHES, *boundaries.LINES, *boundaries.AREAS.values()]
    assert [r for r in rows if not r.reason.endswith(".")] == []
    assert {j.part for j in boundaries.JOINS} & set(PATHS) == set()
    assert set(boundaries.DROPPED) & set(PATHS) == set()
    assert PATHS["unsettled"].count("m") >= len(boundaries.DASHES) + len(boundaries.LINES)


def test_the_sprite_is_light():
    assert len(brotli.compress(SPRITE.encode())) < 26_500


@pytest.mark.parametrize(("count", "level"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (99, 4)])
def test_a_number_of_missions_has_a_class(count, level):
    assert level_of(count) == level


def test_the_view_box_holds_the_boxes_and_keeps_to_the_world():
    assert view_box([], 2, 0.1, 900)[:3] == (0, 0, WIDTH)
    assert view_box([(5000, 2000, 5010, 2010)], 2, 0.1, 900) == (4555, 1780, 900, 450)
    assert view_box([(5000, 1000, 6000, 2000)], 2, 0.1, 900) == (4300, 900, 2400, 1200)
    assert view_box([(0, 0, 10, 10)], 2, 0.1, 900) == (0, 0, 900, 450)
    assert view_box([(0, 0, WIDTH, 4000)], 2, 0.1, 900)[2] == WIDTH


def test_a_small_country_is_a_dot_until_one_comes_near():
    far = maps.drawing({"COD": 5, "CYP": 1, "IDN": 2, "HTI": 1}, set())
    assert [m.code for m in far["outlines"]] == ["COD", "IDN"]
    assert [(m.code, m.level) for m in far["dots"]] == [("CYP", 1), ("HTI", 1)]
    near = maps.drawing({"CYP": 1}, set())
    assert [(m.code, m.has_number, m.radius) for m in near["outlines"]] == [("CYP", True, 0)]
    assert near["dots"] == []


def test_numbers_do_not_stand_on_one_another():
    drawn = maps.drawing({"COD": 7, "AGO": 5, "UGA": 1, "CAF": 8, "IDN": 2}, set())
    numbered = [m for m in drawn["outlines"] if m.has_number]
    assert {"COD", "CAF", "IDN"} <= {m.code for m in numbered}
    apart = 18 * int(drawn["view_box"].split()[2]) / 960
    for one, other in combinations(numbered, 2):
        assert abs(one.x - other.x) > apart or abs(one.y - other.y) > apart


def test_the_unknown_is_left_out_and_an_area_is_marked():
    drawn = maps.drawing({"XXX": 3}, {"unisfa", "unx"})
    assert (drawn["outlines"], drawn["dots"], [m.code for m in drawn["areas"]]) == ([], [], ["unisfa"])
    assert maps.locator(["XXX"]) is None
    assert maps.locator([]) is None
    assert maps.locator(["IND", "PAK"], "unmogip")["area"] == "Jammu and Kashmir"
    assert maps.locator(["FJI"])["outlines"] == ["FJI"]
