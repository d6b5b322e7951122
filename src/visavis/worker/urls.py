from django.urls import path

from visavis.worker import views

app_name = "worker"
urlpatterns = [path("", views.healthz, name="healthz")]
