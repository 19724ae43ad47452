from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from missions.admin import prose, suggestions
from missions.admin.facts import at
from missions.admin.upkeep import heap_page
from missions.urls import pages

urlpatterns = [
    # Before the admin, which answers all else below it.
    path("admin/at/<slug:permanent_id>/", admin.site.admin_view(at), name="at"),
    path("admin/at/<slug:permanent_id>/<str:view>/", admin.site.admin_view(at), name="at-view"),
    path("admin/upkeep/<slug:name>/", heap_page, name="upkeep"),
    path("admin/missions/prose/", admin.site.admin_view(prose.preview), name="admin-prose"),
    path("admin/missions/source/cite/", admin.site.admin_view(prose.cite), name="admin-cite"),
    path("admin/autocomplete/", admin.site.admin_view(suggestions.suggest)),
    path("admin/", include("missions.admin.pages")),
    path("admin/", admin.site.urls),
    path("", include("missions.urls")),
]
urlpatterns += i18n_patterns(path("", include(pages)), prefix_default_language=False)
handler400 = "missions.views.pages.unreadable"
handler404 = "missions.views.pages.not_found"
handler500 = "missions.views.pages.failed"
