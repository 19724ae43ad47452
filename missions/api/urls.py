"""Every address below /api/v1/."""

from django.urls import path

from ..models import LISTED, Evidence
from .docs import Index, docs
from .entries import EntryDetail, EntryList
from .facts import FACT_LISTS, EvidenceList, FactList
from .schema import Schema
from .vocabularies import PLACE_LISTS, PlaceList, VocabularyDetail, VocabularyList

urlpatterns = [
    path("", Index.as_view(), name="api"),
    path("docs/", docs, name="api-docs"),
    path("schema/", Schema.as_view(), name="api-schema"),
]


def listing(view, segment, model, summary):
    """Return the address of a list."""
    options = {"model": model, "segment": segment, "summary": summary, "answer": f"{model.__name__}List"}
    return path(f"{segment}/", view.as_view(**options), name=f"{model._meta.model_name}-api-list")


for model in LISTED:
    segment, meta = model.url_segment, model._meta
    detail = EntryDetail.as_view(
        model=model, segment=segment, summary=f"One {meta.verbose_name}", answer=model.__name__
    )
    urlpatterns += [
        listing(EntryList, segment, model, f"{str(meta.verbose_name_plural).capitalize()}, page by page"),
        path(f"{segment}/<slug:slug>/", detail, name=f"{meta.model_name}-api-detail"),
    ]

for segment, model in FACT_LISTS.items():
    view = EvidenceList if model is Evidence else FactList
    urlpatterns.append(listing(view, segment, model, f"{segment.capitalize()} of the missions selected"))

for segment, model in PLACE_LISTS.items():
    urlpatterns.append(listing(PlaceList, segment, model, f"All {segment}, with their codes"))

urlpatterns += [
    path("vocabularies/", VocabularyList.as_view(), name="api-vocabularies"),
    path("vocabularies/<slug:slug>/", VocabularyDetail.as_view(), name="api-vocabulary"),
]
