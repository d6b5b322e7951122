from django.urls import URLPattern

app_name = "booking_site"
urlpatterns: list[URLPattern] = []
