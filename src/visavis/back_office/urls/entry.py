"""Getting in: choosing or making a company, invitations, the overview."""

from django.urls import URLPattern, path

from visavis.back_office.views import entry, invitations, onboarding, overview, today

urlpatterns: list[URLPattern] = [
    path("", entry.home, name="home"),
    path("new/", entry.new_company, name="new_company"),
    path("new/address/", entry.address, name="new_address"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("<slug:company>/", overview.dashboard, name="dashboard"),
    path("<slug:company>/today/", today.today, name="today"),
    path("<slug:company>/setup/provider/", onboarding.setup_provider, name="setup_provider"),
    path("<slug:company>/setup/service/", onboarding.setup_service, name="setup_service"),
    path("<slug:company>/setup/publish/", onboarding.setup_publish, name="setup_publish"),
]
