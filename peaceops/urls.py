from django.contrib import admin
from django.urls import include, path

from missions.admin import prose, suggestions

urlpatterns = [
    path("admin/missions/prose/", admin.site.admin_view(prose.preview), name="admin-prose"),
    path("admin/missions/source/cite/", admin.site.admin_view(prose.cite), name="admin-cite"),
    path("admin/autocomplete/", admin.site.admin_view(suggestions.suggest)),
    path("admin/", admin.site.urls),
    path("", include("missions.urls")),
]
handler404 = "missions.views.not_found"
