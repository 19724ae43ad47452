"""frictionless, pandas, curl, R and LibreOffice on what the running site serves."""

import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from urllib.parse import urljoin

import pandas
import pytest
from frictionless import Package, system

from ..serving import fetch

pytestmark = pytest.mark.outside
PACKAGES = [
    "/missions/?format=zip",
    "/missions/?type=observer&region=africa&format=zip",
    "/missions/?q=cholera&format=zip",
    "/missions/?started_from=2100&format=zip",
    "/missions/unficyp/?format=zip",
    "/missions/unficyp/?at=1974-07-20&format=zip",
    "/case-studies/?format=zip",
    "/case-studies/kosovo/?format=zip",
    "/approaches/?format=zip",
    "/principles/consent/?format=zip",
    "/challenges/?format=zip",
    "/trends/?format=zip",
    "/themes/?format=zip",
    "/sources/?kind=dataset&format=zip",
    "/glossary/?format=zip",
    "/evidence/?kind=challenge&format=zip",
    "/search/?q=cholera&format=zip",
    "/missions/compare/?m=unficyp&m=minustah&format=zip",
    "/data/releases/2026.1/package.zip",
]


@pytest.mark.parametrize("address", PACKAGES)
def test_frictionless_finds_every_package_valid(site, tmp_path, address):
    zipfile.ZipFile(io.BytesIO(fetch(site + address))).extractall(tmp_path)
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "note"])[:5]
    told = json.loads((tmp_path / "datapackage.json").read_text())
    assert {t["name"]: t["rows"] for t in told["resources"]} == {
        task.name: task.stats.get("rows", 0) for task in report.tasks
    }


def test_frictionless_would_find_a_wrong_value(site, tmp_path):
    zipfile.ZipFile(io.BytesIO(fetch(site + PACKAGES[1]))).extractall(tmp_path)
    table = tmp_path / "data/missions.csv"
    table.write_text(table.read_text().replace(",observer,", ",spectator,", 1))
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def read(data, **options):
    return pandas.read_csv(io.BytesIO(data), keep_default_na=False, na_values=[""], **options)


def test_pandas_reads_numbers_dates_and_what_is_not_recorded(site):
    missions = read(fetch(f"{site}/missions/?format=csv"), parse_dates=["started_on", "ended_on"])
    truth, page = [], f"{site}/missions/?format=json"
    while page:
        answer = json.loads(fetch(page))
        truth += answer["results"]
        page = answer["next"]
    assert list(missions["id"]) == [m["id"] for m in truth]
    for name in ("started_on", "ended_on"):
        told = [None if pandas.isna(d) else d.date().isoformat() for d in missions[name]]
        assert told == [m[name] for m in truth]
    assert [None if pandas.isna(v) else v for v in missions["robust"]] == [m["robust"] for m in truth]
    assert list(missions["chapter"]) == [m["chapter"] for m in truth]
    figures = read(fetch(f"{site}/missions/?format=csv&table=figures"))
    assert str(figures["value"].dtype) == "int64"
    detail = json.loads(fetch(f"{site}/missions/unficyp/?format=json"))["figures"]
    own = figures[figures["mission"] == "unficyp"]
    assert sorted(own["value"]) == sorted(f["value"] for f in detail)


def test_pandas_reads_the_same_from_workbook_and_csv(site):
    csv = read(fetch(f"{site}/missions/?format=csv"), parse_dates=["started_on", "ended_on", "updated_at"])
    book = pandas.read_excel(
        io.BytesIO(fetch(f"{site}/missions/?format=xlsx")), sheet_name="missions", keep_default_na=False, na_values=[""]
    )
    assert list(book.columns) == list(csv.columns)
    csv["updated_at"] = csv["updated_at"].dt.tz_localize(None)
    for name in csv.columns:
        same = (csv[name] == book[name]) | (csv[name].isna() & book[name].isna())
        assert same.all(), name


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_gives_back_what_it_read(site, tmp_path, form):
    data = fetch(f"{site}/missions/?format={form}")
    (tmp_path / f"in.{form}").write_bytes(data)
    reading = ["--infilter=CSV:44,34,UTF8,1,,0,true"] if form == "csv" else []
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", *reading, "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", tmp_path / "out",
         tmp_path / f"in.{form}"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    truth, back = read(fetch(f"{site}/missions/?format=csv")), read((tmp_path / "out/in.csv").read_bytes())
    assert list(back["id"]) == list(truth["id"])
    for name in ("title", "started_on", "ended_on", "chapter", "countries", "summary"):
        assert list(back[name].fillna("")) == list(truth[name].fillna("")), name


PAGES = ["/missions/unficyp/", "/missions/?type=observer", "/case-studies/minustah/", "/principles/",
         "/search/?q=cholera", "/evidence/?kind=trend", "/missions/unficyp/?at=1974-07-20",
         "/data/releases/2026.1/"]  # fmt: skip
RECIPE = re.compile(r"<dt>(Python|R|curl)</dt>\s*<dd><pre>(.*?)</pre>", re.S)


@pytest.fixture(scope="module")
def recipes(site):
    """Every recipe on some pages, {language: [lines]}."""
    found = {"Python": set(), "R": set(), "curl": set()}
    for path in PAGES:
        on_page = RECIPE.findall(fetch(site + path).decode())
        assert {language for language, _ in on_page} == set(found), path
        for language, lines in on_page:
            found[language].add(html.unescape(lines))
    return found


def test_the_lines_of_python_fetch_rows(recipes):
    script = "\n".join(sorted(recipes["Python"]))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    shapes = re.findall(r"\((\d+), (\d+)\)", done.stdout)
    assert (done.returncode, len(shapes)) == (0, len(recipes["Python"])), done.stderr
    assert all(int(rows) > 0 and int(columns) > 3 for rows, columns in shapes)


def test_the_lines_of_curl_fetch_a_file_and_check_it(recipes, tmp_path):
    for lines in recipes["curl"]:
        done = subprocess.run(["bash", "-ec", lines], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (lines, done.stderr)
        assert ("--check" in lines) is done.stdout.endswith(": OK\n")


def test_the_lines_of_r_are_r(recipes):
    """Checked by shape, as R itself is not asked: quotes and brackets are closed and the address is that of a CSV."""
    for lines in recipes["R"]:
        assert lines.count('"') % 2 == 0 and lines.count("(") == lines.count(")")
        assert re.fullmatch(r'rows <- read\.csv\("[^"\s]+",\n +[\w.]+ = [^\n]+\)\ndim\(rows\)', lines), lines


def test_a_chart_is_an_svg_that_other_programs_draw(site):
    resvg = pytest.importorskip("resvg_py")
    page = fetch(f"{site}/missions/unficyp/").decode()
    charts = set(re.findall(r'href="(charts/[a-z]+\.svg)"', page))
    assert len(charts) >= 3
    for address in charts:
        drawn = fetch(urljoin(f"{site}/missions/unficyp/", address)).decode()
        assert len(bytes(resvg.svg_to_bytes(svg_string=drawn))) > 5_000


def test_the_checksum_of_a_release_is_that_of_its_file(site):
    told = json.loads(fetch(f"{site}/data/releases/?format=json"))["results"][-1]
    assert hashlib.sha256(fetch(told["package"])).hexdigest() == told["sha256"]
