from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "visavis.companies"
