"""The style guide, for developers only."""

from django.urls import path

from visavis.design import style_guide

app_name = "design"
urlpatterns = [
    path("", style_guide.components, name="components"),
    path("site/", style_guide.site, name="site"),
    path("office/", style_guide.office, name="office"),
    path("centred/", style_guide.centred, name="centred"),
    path("dialog/", style_guide.dialog, name="dialog"),
]
