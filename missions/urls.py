from django.urls import include, path

from .citations import FORMS
from .models import KINDS, LISTED, Approach, CaseStudy, Mission
from .teaching import QUIZZED
from .views import charts, citing, data, entries, lists, machines, reporting, searching, teaching
from .views import pages as single

# Pages that come in every language: the first part of the address says in which, and English has none.
pages = [
    path("", single.home, name="home"),
    path("about/", single.about, name="about"),
    path("about/counting/", single.counting, name="counting"),
    path("about/corrections/", single.corrections, name="corrections"),
    path("about/attribution/", single.attribution, name="attribution"),
    path("evidence/", lists.evidence, name="evidence"),
    path("missions/compare/", lists.compare, {"model": Mission}, name="mission-compare"),
    path("approaches/compare/", lists.compare, {"model": Approach}, name="approach-compare"),
    path("search/", searching.search_page, name="search"),
    path("search/suggest", searching.suggest, name="suggest"),
    path("report/", reporting.report, name="report"),
    path("data/", data.data, name="data"),
    path("data/codebook/", data.codebook_page, name="codebook"),
    path("data/releases/", data.release_list, name="release-list"),
    path("data/releases/<str:before>...<str:after>/", data.release_comparison, name="release-comparison"),
    path("data/releases/<str:number>/", data.release_page, name="release"),
    path("data/releases/<str:number>/<slug:segment>/<slug:slug>/", data.released_entry, name="released-entry"),
    path("teaching/", teaching.index, name="teaching"),
    path("teaching/packets/<slug:slug>/", teaching.packet_page, name="packet"),
    path("teaching/packet/", teaching.own_packet, name="own-packet"),
    path("teaching/packet/choose/", teaching.packet_choice, name="packet-choice"),
    path("teaching/paths/<slug:slug>/", teaching.learning_path, name="learning-path"),
    path("teaching/quiz/", teaching.quiz_choice, name="quiz"),
]

# What has one address only, whatever the language of the reader: files, data and what programs ask for.
urlpatterns = [
    path("preview/<str:token>/", entries.draft_preview, name="draft-preview"),
    path("theme/", single.theme, name="theme"),
    path("previews/site.png", entries.preview_image, name="site-preview"),
    path("data/releases/<str:number>/package.zip", data.release_package, name="release-package"),
    path("data/releases/<str:number>/tables/<slug:table>.csv", data.release_table, name="release-table"),
    path("teaching/packets/<slug:slug>.pdf", teaching.packet_pdf, name="packet-pdf"),
    path("teaching/packet.pdf", teaching.own_packet_pdf, name="own-packet-pdf"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("feeds/changes.atom", machines.feed, name="feed"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("llms.txt", machines.llms, name="llms"),
    path("api/v1/", include("missions.api.urls")),
]

for kind in ("svg", "csv"):
    options = {"kind": kind}
    at = f"charts/<slug:name>.{kind}"
    urlpatterns.append(path(f"trends/{at}", charts.trend_chart, options, name=f"trend-charts-{kind}"))
    for model in (Mission, CaseStudy):
        address, name = f"{model.url_segment}/<slug:slug>/{at}", f"{model._meta.model_name}-chart-{kind}"
        urlpatterns.append(path(address, charts.entry_chart, options | {"model": model}, name=name))

for model in QUIZZED:
    address, name = f"teaching/quiz/{model.url_segment}/<slug:slug>/", f"{model._meta.model_name}-quiz"
    pages.append(path(address, teaching.quiz, {"model": model}, name=name))

for model in LISTED:
    segment, name, options = model.url_segment, model._meta.model_name, {"model": model}
    pages += [
        path(f"{segment}/", lists.entry_list, options, name=f"{name}-list"),
        path(f"{segment}/<slug:slug>/", entries.entry_detail, options, name=f"{name}-detail"),
    ]

for model in KINDS:
    address, name = f"previews/{model.url_segment}/<slug:slug>.png", f"{model._meta.model_name}-preview"
    urlpatterns.append(path(address, entries.preview_image, {"model": model}, name=name))

for form in FORMS:
    urlpatterns += [
        path(
            f"data/releases/<str:number>/cite.{form}",
            data.release_citation_file,
            {"form": form},
            name=f"release-cite-{form}",
        ),
        path(f"evidence/cite.{form}", citing.evidence_file, {"form": form}, name=f"evidence-cite-{form}"),
        path(f"search/cite.{form}", citing.search_file, {"form": form}, name=f"search-cite-{form}"),
    ]
    for model in LISTED:
        segment, name, options = model.url_segment, model._meta.model_name, {"model": model, "form": form}
        at = f"{segment}/<slug:slug>"
        urlpatterns += [
            path(f"{segment}/cite.{form}", citing.list_file, options, name=f"{name}-list-cite-{form}"),
            path(f"{at}/cite.{form}", citing.entry_file, options, name=f"{name}-cite-{form}"),
        ]
        if model in KINDS:
            urlpatterns.append(
                path(f"{at}/sources.{form}", citing.sources_file, options, name=f"{name}-sources-{form}")
            )
