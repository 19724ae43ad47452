"""Packets on paper: tagged, with bookmarks and page numbers, same page same bytes, nothing from outside."""

import re
import threading

import pytest

from missions import printing

from .factories import make_evidence, make_mission, make_packet, make_principle

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body>
<h1>One</h1><section><h2>Two</h2><p>Text with <a href="/missions/one/">a link</a>.</p>{}</section></body></html>"""


EMPTY = PAGE.format("")


def has_printer():
    try:
        printing.printer()
    except printing.NoPrinterError:
        return False
    return True


needs_printer = pytest.mark.skipif(not has_printer(), reason="this host has no Pango")


def plain(html=EMPTY, **more):
    """Return a page as PDF whose objects can be read."""
    return printing.pdf(html, "https://example.org/page/", uncompressed_pdf=True, **more)


@needs_printer
def test_a_page_is_tagged_and_has_language_title_bookmarks_and_numbers():
    made = plain()
    assert made.startswith(b"%PDF-1.7")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/Outlines", b"/Lang (en)", b"pdfuaid"):
        assert mark in made, mark
    assert len(re.findall(rb"/Type /Page\b(?!s)", made)) == 1
    assert re.findall(rb"/Title \(([^)]*)\)", made) == [b"One", b"Two", b"A page"]
    assert b"https://example.org/missions/one/" in made
    assert {b"/S /H1", b"/S /H2", b"/S /P", b"/S /Link"} <= set(re.findall(rb"/S /(?:H\d|P|Link)\b", made))


@needs_printer
def test_the_same_page_gives_the_same_bytes():
    assert plain() == plain()


@needs_printer
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/x.png", "https://example.org/x.png", "file:///etc/passwd", "/static/x.png", "data:,x",
     "drawing:other"],
)  # fmt: skip
def test_nothing_from_outside_is_fetched(address):
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        printing.fetcher({}).fetch(address)
    if address.startswith(("data:", "drawing:")):
        return
    with pytest.raises(FatalURLFetchingError):
        plain(PAGE.format(f'<img src="{address}" alt="">'))


@needs_printer
def test_a_drawing_of_the_page_is_drawn():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#ff0000"/></svg>'
    html = PAGE.format('<img src="drawing:events" alt="A red square">')
    made = plain(html, drawings={"drawing:events": svg})
    assert b"/S /Figure" in made
    assert b"1 0 0 rg" in made


@needs_printer
def test_one_page_is_set_at_a_time(monkeypatch):
    monkeypatch.setattr(printing, "PATIENCE", 0.05)
    with printing.alone(), pytest.raises(printing.BusyError), printing.alone(patience=0.05):
        pass
    with printing.alone(patience=0):
        assert threading.active_count() >= 1


def make_lesson():
    principle, mission = make_principle(slug="p", title="Consent"), make_mission(slug="one", acronym="UNONE")
    make_evidence(mission, principle=principle)
    return make_packet([mission], slug="agreeing", title="Agreeing", principles=[principle])


@needs_printer
@pytest.mark.django_db
def test_a_packet_is_answered_as_pdf(client):
    make_lesson()
    for address, name in (("/teaching/packets/agreeing.pdf", "agreeing"), ("/teaching/packet.pdf?m=one", "one")):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Content-Disposition"] == f'inline; filename="{name}.pdf"'
        assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.django_db
def test_without_the_library_the_page_to_print_is_named(client, monkeypatch):
    make_lesson()

    def missing(*_, **__):
        raise printing.NoPrinterError

    monkeypatch.setattr(printing, "pdf", missing)
    answer = client.get("/teaching/packets/agreeing.pdf")
    assert answer.status_code == 501
    assert 'href="http://testserver/teaching/packets/agreeing/"' in answer.content.decode()
    assert client.get("/teaching/packets/agreeing/").status_code == 200


@pytest.mark.django_db
def test_while_another_is_set_one_is_told_to_come_back(client, monkeypatch):
    make_lesson()

    def busy(*_, **__):
        raise printing.BusyError

    monkeypatch.setattr(printing, "pdf", busy)
    answer = client.get("/teaching/packet.pdf?m=one")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert 'href="http://testserver/teaching/packet/?m=one"' in answer.content.decode()


def test_a_host_without_pango_is_known_by_its_error(monkeypatch):
    import builtins

    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    printing.printer.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(printing.NoPrinterError):
        printing.printer()
    printing.printer.cache_clear()
