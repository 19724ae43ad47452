from django.urls import include, path

from .models import KINDS, LISTED, Approach, Mission
from .views import entries, lists, pages, reporting, searching

urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("about/counting/", pages.counting, name="counting"),
    path("about/corrections/", pages.corrections, name="corrections"),
    path("about/attribution/", pages.attribution, name="attribution"),
    path("evidence/", lists.evidence, name="evidence"),
    path("missions/compare/", lists.compare, {"model": Mission}, name="mission-compare"),
    path("approaches/compare/", lists.compare, {"model": Approach}, name="approach-compare"),
    path("search/", searching.search_page, name="search"),
    path("search/suggest", searching.suggest, name="suggest"),
    path("preview/<str:token>/", entries.draft_preview, name="draft-preview"),
    path("report/", reporting.report, name="report"),
    path("theme/", pages.theme, name="theme"),
    path("healthz", pages.healthz, name="healthz"),
    path("previews/site.png", entries.preview_image, name="site-preview"),
    path("robots.txt", pages.robots, name="robots"),
    path("api/v1/", include("missions.api.urls")),
]

for model in LISTED:
    segment, name, options = model.url_segment, model._meta.model_name, {"model": model}
    urlpatterns += [
        path(f"{segment}/", lists.entry_list, options, name=f"{name}-list"),
        path(f"{segment}/<slug:slug>/", entries.entry_detail, options, name=f"{name}-detail"),
    ]

for model in KINDS:
    address, name = f"previews/{model.url_segment}/<slug:slug>.png", f"{model._meta.model_name}-preview"
    urlpatterns.append(path(address, entries.preview_image, {"model": model}, name=name))
