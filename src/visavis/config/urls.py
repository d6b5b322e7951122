"""All addresses. Companies' booking sites come last, since they take any first segment."""

from django.conf import settings
from django.urls import include, path
from django.views.static import serve

urlpatterns = [
    *([path("design/", include("visavis.design.urls"))] if settings.DEVELOPMENT else []),
    path("accounts/", include("allauth.urls")),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
