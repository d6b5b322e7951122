"""The company and its team."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from visavis.back_office.views import company, holidays, hours, members
from visavis.back_office.whose import for_company

_company = "<slug:company>/company/"
_team = "<slug:company>/team/"
_invitation = f"{_team}invitations/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(_company, company.company_settings, name="company_settings"),
    path(f"{_company}publish/", company.publish, name="publish"),
    path(f"{_company}unpublish/", company.unpublish, name="unpublish"),
    path(f"{_company}rules/", company.booking_rules, name="booking_rules"),
    path(f"{_company}privacy/", company.privacy_terms, name="privacy_terms"),
    path(f"{_company}hours/", for_company(hours.week), name="company_hours"),
    path(f"{_company}special-days/", for_company(hours.special_days), name="company_special_days"),
    path(
        f"{_company}special-days/<str:day>/clear/",
        for_company(require_POST(hours.clear_special_day)),
        name="clear_company_special_day",
    ),
    path(f"{_company}holidays/", for_company(holidays.holidays), name="company_holidays"),
    path(_team, members.members, name="members"),
    path(f"{_team}invite/", members.invite_member, name="invite_member"),
    path(f"{_invitation}resend/", members.resend_invitation, name="resend_invitation"),
    path(f"{_invitation}withdraw/", members.withdraw_invitation, name="withdraw_invitation"),
    path(f"{_team}<int:pk>/", members.member, name="member"),
    path(f"{_team}<int:pk>/remove/", members.remove_member, name="remove_member"),
]
