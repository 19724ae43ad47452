from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("missions.urls"))]
handler404 = "missions.views.not_found"
