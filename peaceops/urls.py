from django.contrib import admin
from django.urls import include, path

from missions.admin.upkeep import heap_page

urlpatterns = [
    path("admin/upkeep/<slug:name>/", heap_page, name="upkeep"),  # before the admin, which answers all else below it
    path("admin/", admin.site.urls),
    path("", include("missions.urls")),
]
handler404 = "missions.views.not_found"
