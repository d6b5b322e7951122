"""Services, classes, providers and their hours."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from visavis.back_office.views import (
    categories,
    classes,
    holidays,
    hours,
    offerings,
    provider_messages,
    providers,
    schedules,
    services,
    sessions,
)
from visavis.back_office.whose import for_me, for_provider, for_service

_services = "<slug:company>/services/"
_service = f"{_services}<int:pk>/"
_classes = "<slug:company>/classes/"
_class = f"{_classes}<int:pk>/"
_schedule = f"{_class}schedules/<int:schedule>/"
_session = f"{_class}sessions/<int:session>/"
_categories = "<slug:company>/categories/"
_providers = "<slug:company>/providers/"
_provider = f"{_providers}<int:pk>/"
_mine = "<slug:company>/my-hours/"
_clear = for_provider(require_POST(hours.clear_special_day))
_remove = for_provider(require_POST(hours.remove_time_off))

urlpatterns: list[URLPattern] = [
    path(_services, services.services, name="services"),
    path(f"{_services}new/", services.new_service, name="new_service"),
    path(_service, services.service, name="service"),
    path(f"{_service}remove/", services.remove_service, name="remove_service"),
    path(f"{_service}restore/", services.restore_service, name="restore_service"),
    path(f"{_service}up/", services.service_up, name="service_up"),
    path(f"{_service}hours/", for_service(hours.week), name="service_hours"),
    path(f"{_service}special-days/", for_service(hours.special_days), name="service_special_days"),
    path(
        f"{_service}special-days/<str:day>/clear/",
        for_service(require_POST(hours.clear_special_day)),
        name="clear_service_special_day",
    ),
    path(
        "<slug:company>/offerings/<int:pk>/online/",
        offerings.offering_online,
        name="offering_online",
    ),
    path(_classes, classes.classes, name="classes"),
    path(f"{_classes}new/", classes.new_class, name="new_class"),
    path(_class, classes.class_, name="class"),
    path(f"{_class}remove/", classes.remove_class, name="remove_class"),
    path(f"{_class}restore/", classes.restore_class, name="restore_class"),
    path(f"{_class}up/", classes.class_up, name="class_up"),
    path(f"{_class}schedules/new/", schedules.new_class_schedule, name="new_class_schedule"),
    path(_schedule, schedules.class_schedule, name="class_schedule"),
    path(f"{_schedule}leave-out/", schedules.leave_day_out, name="leave_day_out"),
    path(f"{_schedule}put-back/", schedules.put_day_back, name="put_day_back"),
    path(f"{_schedule}end/", schedules.end_class_schedule, name="end_class_schedule"),
    path(
        f"{_schedule}hand-over/",
        schedules.hand_over_class_schedule,
        name="hand_over_class_schedule",
    ),
    path(f"{_class}sessions/", sessions.sessions, name="sessions"),
    path(f"{_session}cancel/", sessions.cancel_session, name="cancel_session"),
    path(f"{_session}move/", sessions.move_session, name="move_session"),
    path(_categories, categories.categories, name="categories"),
    path(f"{_categories}<int:pk>/", categories.category, name="category"),
    path(f"{_categories}<int:pk>/remove/", categories.remove_category, name="remove_category"),
    path(f"{_categories}<int:pk>/up/", categories.category_up, name="category_up"),
    path(_providers, providers.providers, name="providers"),
    path(f"{_providers}new/", providers.new_provider, name="new_provider"),
    path(_provider, providers.provider, name="provider"),
    path(f"{_provider}link/", providers.link_provider, name="link_provider"),
    path(f"{_provider}remove/", providers.remove_provider, name="remove_provider"),
    path(f"{_provider}restore/", providers.restore_provider, name="restore_provider"),
    path(f"{_provider}up/", providers.provider_up, name="provider_up"),
    path(f"{_provider}hours/", for_provider(hours.week), name="provider_hours"),
    path(f"{_provider}special-days/", for_provider(hours.special_days), name="special_days"),
    path(f"{_provider}special-days/<str:day>/clear/", _clear, name="clear_special_day"),
    path(f"{_provider}holidays/", for_provider(holidays.holidays), name="provider_holidays"),
    path(f"{_provider}time-off/", for_provider(hours.time_off), name="provider_time_off"),
    path(f"{_provider}time-off/<int:absence>/remove/", _remove, name="remove_time_off"),
    path(f"{_provider}mails/", for_provider(provider_messages.mails), name="provider_mails"),
    path(_mine, for_me(hours.week), name="my_hours"),
    path(f"{_mine}special-days/", for_me(hours.special_days), name="my_special_days"),
    path(
        f"{_mine}special-days/<str:day>/clear/",
        for_me(require_POST(hours.clear_special_day)),
        name="clear_my_special_day",
    ),
    path(f"{_mine}holidays/", for_me(holidays.holidays), name="my_holidays"),
    path(f"{_mine}time-off/", for_me(hours.time_off), name="my_time_off"),
    path(
        f"{_mine}time-off/<int:absence>/remove/",
        for_me(require_POST(hours.remove_time_off)),
        name="remove_my_time_off",
    ),
    path(f"{_mine}mails/", for_me(provider_messages.mails), name="my_mails"),
]
