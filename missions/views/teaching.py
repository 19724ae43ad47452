"""Packets of cases, learning paths and quizzes, as pages and on paper."""

from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .. import exports, parameters, printing, teaching
from ..citations import SITE_NAME, written_date
from ..languages import bare
from ..models import TOPICS, Mission, Packet
from .answers import missing, refused, without_empty


def without_parameters(view):
    """Make a view refuse every parameter, on a page that says so."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        unknown = parameters.unknown(request.GET, [])
        return refused(request, unknown) if unknown else view(request, *args, **kwargs)

    return answer


@require_safe
@without_parameters
def index(request):
    context = {"packets": teaching.shown_packets(), "paths": teaching.shown_paths()}
    return render(request, "teaching/index.html", context)


def on_page(request, page, pdf, title, updated_at=None):
    """Return what the page of any packet says of itself: where it stands and how it is cited, both in English."""
    address, accessed = request.build_absolute_uri(bare(page)), written_date(timezone.localdate())
    updated = f" Updated {written_date(timezone.localdate(updated_at))}." if updated_at else ""
    cited = f"{SITE_NAME}. “{title}”. Teaching packet.{updated} {address} (accessed {accessed})."
    return {"address": address, "pdf": pdf, "accessed": accessed, "cited": cited}


def curated(request, slug):
    """Return what the packet at an address shows."""
    packets = Packet.objects.published().prefetch_related("missions", *(f"{topic}s" for topic in TOPICS))
    packet = get_object_or_404(packets, slug=slug)
    context = teaching.curated_context(packet) | {"heading": packet.title}
    pdf = reverse("packet-pdf", args=[slug])
    return context | on_page(request, packet.get_absolute_url(), pdf, packet.title, packet.updated_at)


@require_safe
@without_parameters
def packet_page(request, slug):
    """Answer a curated packet."""
    return render(request, "teaching/packet.html", curated(request, slug))


def own(request, asked):
    """Return what the packet that a query asks for shows."""
    context = teaching.own_context(asked)
    missions = ", ".join(m.acronym for m in context["missions"])
    heading = gettext("Teaching packet: %(missions)s") % {"missions": missions}
    page, pdf = (f"{reverse(name)}?{asked.query}" for name in ("own-packet", "own-packet-pdf"))
    return context | {"heading": heading} | on_page(request, page, pdf, f"Teaching packet: {missions}")


def choice_page(request, choice):
    context = {"errors": choice.errors, "missions": choice.missions, "topics": choice.topics,
               "most": teaching.MOST_MISSIONS}  # fmt: skip
    return render(request, "teaching/choice.html", context, status=400 if choice.errors else 200)


@require_safe
def own_packet(request):
    """Answer the packet that the query names; without missions, the form in which they are chosen."""
    if shorter := without_empty(request):
        return shorter
    asked = teaching.OwnPacket(request.GET)
    if asked.is_possible:
        return render(request, "teaching/packet.html", own(request, asked))
    return choice_page(request, teaching.Choice(request.GET, chosen=asked))


@require_safe
def packet_choice(request):
    """Answer the form in which a packet is put together, of the missions of any filter."""
    return without_empty(request) or choice_page(request, teaching.Choice(request.GET))


DRAWING = f"{printing.DRAWING}events"
RETRY_AFTER = 20  # seconds


def on_paper(request, context, name):
    """Answer a packet as PDF, or say why there is none now and what to do in its place."""
    context |= {"is_paper": True, "drawing": ""}
    drawings = {}
    if context["lanes"]:
        context["drawing"] = DRAWING
        drawn = {"lanes": context["lanes"], "style": exports.chart_style(), "page": ""}
        drawings[DRAWING] = render_to_string("teaching/lanes.svg", drawn)
    html = render_to_string("teaching/paper.html", context, request)
    try:
        made = printing.pdf(html, context["address"], drawings)
    except printing.NoPrinterError:
        return no_paper(request, context, 501)
    except printing.BusyError:
        answer = no_paper(request, context, 503)
        answer["Retry-After"] = str(RETRY_AFTER)
        return answer
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def no_paper(request, context, status):
    context = {"page": context["address"], "is_busy": status == 503}
    return render(request, "teaching/no_paper.html", context, status=status)


@require_safe
@without_parameters
def packet_pdf(request, slug):
    """Answer a curated packet as PDF."""
    return on_paper(request, curated(request, slug), slug)


@require_safe
def own_packet_pdf(request):
    """Answer the packet that the query names as PDF."""
    if shorter := without_empty(request):
        return shorter
    asked = teaching.OwnPacket(request.GET)
    if not asked.is_possible:
        return refused(request, asked.errors or {"m": ["Name one to six missions."]})
    return on_paper(request, own(request, asked), "-".join(asked.slugs))


@require_safe
@without_parameters
def learning_path(request, slug):
    """Answer a learning path."""
    path = teaching.shown_paths().filter(slug=slug).first()
    if path is None:
        raise Http404("There is no learning path at this address.")
    return render(request, "teaching/path.html", teaching.path_context(path))


@require_safe
@without_parameters
def quiz_choice(request):
    """Answer the list of what there is a quiz on."""
    return render(request, "teaching/quiz_choice.html", {"groups": teaching.quiz_subjects()})


@require_safe
def quiz(request, model, slug):
    """Answer the quiz on an entry: its questions, and what the answers in the query are worth."""
    entry = model.objects.published().filter(slug=slug).first()
    if entry is None:
        return missing(request, model, slug, "")
    if shorter := without_empty(request):
        return shorter
    asked = teaching.Quiz(entry, request.GET)
    address = request.build_absolute_uri(request.path)
    context = {
        "quiz": asked,
        "subject": getattr(entry, "acronym", entry.title),
        "address": address,
        "is_mission": model is Mission,
    }
    return render(request, "teaching/quiz.html", context, status=400 if asked.errors else 200)
