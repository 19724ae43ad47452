"""Each chart as a drawing and as its numbers."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import exports, parameters, reading
from ..catalogue import for_output
from ..citations import SITE_NAME
from .answers import bad_request, missing
from .entries import day_asked

KEY = 20  # pixels of one line of the legend


def answered(picture, kind, name, page):
    if kind == "csv":
        return exports.csv_file([picture.header, *picture.lines], f"{name}_{picture.name}")
    return drawing(picture, page, f"{name}_{picture.name}.svg")


def drawing(picture, page, name):
    """Answer a chart as an SVG file that stands for itself: with title, legend and where it comes from."""
    top = 40 + picture.chart["height"] + KEY
    legend = [(*key, top + KEY * n) for n, key in enumerate(picture.legend)]
    foot = top + KEY * len(legend) + 4
    context = picture.data | {
        "picture": picture,
        "drawing": f"charts/{picture.drawing}.svg",
        "style": exports.chart_style(),
        "legend": legend,
        "foot": foot,
        "width": picture.chart["width"],
        "height": foot + 12,
        "page": page,
        "site_name": SITE_NAME,
        "day": timezone.localdate().isoformat(),
    }
    answer = render(None, "charts/file.svg", context, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def entry_chart(request, model, slug, name, kind):
    """Answer one chart of an entry."""
    at, errors = day_asked(request, model)
    if errors := errors | parameters.unknown(request.GET, ["at"]):
        return bad_request(errors)
    entry = for_output(model.objects.published(), detail=True, at=at).filter(slug=slug).first()
    if entry is None:
        return missing(request, model, slug, "")
    found = reading.pictures(entry, reading.entry_context(entry, at=at))
    if name not in found:
        raise Http404(f"There is no such chart. There are: {', '.join(found) or 'none'}.")
    return answered(found[name], kind, slug, request.build_absolute_uri(entry.get_absolute_url()))


@require_safe
def trend_chart(request, name, kind):
    """Answer one chart of the register as a whole."""
    if unknown := parameters.unknown(request.GET, []):
        return bad_request(unknown)
    found = reading.trend_pictures(reading.operations_chart(), reading.all_deaths_chart())
    if name not in found:
        raise Http404("There is no such chart.")
    return answered(found[name], kind, "register", request.build_absolute_uri("/trends/"))
