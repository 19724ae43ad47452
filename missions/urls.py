from django.urls import path

from . import views
from .models import KINDS, LISTED, Approach, Mission

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/counting/", views.counting, name="counting"),
    path("about/corrections/", views.corrections, name="corrections"),
    path("about/attribution/", views.attribution, name="attribution"),
    path("evidence/", views.evidence, name="evidence"),
    path("missions/compare/", views.compare, {"model": Mission}, name="mission-compare"),
    path("approaches/compare/", views.compare, {"model": Approach}, name="approach-compare"),
    path("search/", views.search_page, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("preview/<str:token>/", views.draft_preview, name="draft-preview"),
    path("report/", views.report, name="report"),
    path("theme/", views.theme, name="theme"),
    path("healthz", views.healthz, name="healthz"),
    path("previews/site.png", views.preview_image, name="site-preview"),
    path("robots.txt", views.robots, name="robots"),
]

for model in LISTED:
    segment, name, options = model.url_segment, model._meta.model_name, {"model": model}
    urlpatterns += [
        path(f"{segment}/", views.entry_list, options, name=f"{name}-list"),
        path(f"{segment}/<slug:slug>/", views.entry_detail, options, name=f"{name}-detail"),
        path(f"api/v1/{segment}/", views.entry_list, options | {"api": True}, name=f"{name}-api-list"),
        path(
            f"api/v1/{segment}/<slug:slug>/",
            views.entry_detail,
            options | {"api": True},
            name=f"{name}-api-detail",
        ),
    ]

for model in KINDS:
    address, name = f"previews/{model.url_segment}/<slug:slug>.png", f"{model._meta.model_name}-preview"
    urlpatterns.append(path(address, views.preview_image, {"model": model}, name=name))
