"""All addresses. Companies' booking sites come last, since they take any first segment."""

from django.conf import settings
from django.urls import include, path
from django.views.static import serve

from visavis.config.sign_up import SignUp

urlpatterns = [
    path("accounts/signup/", SignUp.as_view()),
    path("accounts/", include("allauth.urls")),
    path("office/", include("visavis.back_office.urls")),
    path("connect/", include("visavis.back_office.urls.callbacks")),
    path("meet/", include("visavis.entrance.urls")),
    path("inbound/", include("visavis.inbound.urls")),
    path("help/", include("visavis.help.urls")),
    path("healthz", include("visavis.worker.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
if settings.DEVELOPMENT:
    urlpatterns += [
        path("design/", include("visavis.design.urls")),
        path("demo/", include("visavis.demo.urls")),
    ]
urlpatterns += [path("", include("visavis.booking_site.urls"))]
