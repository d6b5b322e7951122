"""Makes what tests play with: as little as possible, and nothing surprising."""

from datetime import UTC, datetime

# A Monday, so that "tomorrow at ten" is a working day.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def make_provider(company, name, **fields):
    """Return a provider who works Monday to Friday, nine to five."""
    from visavis.catalog.models import Provider, WeeklyHours

    defaults = {
        "time_zone": company.time_zone,
        "email": f"{name.split()[0].lower()}@{company.slug}.example",
    }
    provider = Provider.objects.create(company=company, name=name, **(defaults | fields))
    WeeklyHours.objects.bulk_create(
        WeeklyHours(company=company, provider=provider, weekday=day, starts=540, ends=1020)
        for day in range(5)
    )
    return provider


def make_service(company, name, providers, **fields):
    """Return a service of half an hour."""
    from django.utils.text import slugify

    from visavis.catalog.models import Offering

    defaults = {"kind": "service", "duration_minutes": 30, "slug": slugify(name)}
    offering = Offering.objects.create(company=company, name=name, **(defaults | fields))
    offering.providers.set(providers)
    return offering


def make_member(company, role, email, **fields):
    """Return a member who may sign in with the password `correct horse`."""
    from visavis.companies.models import Member, User

    user = User.objects.create_user(email, "correct horse", name=email.split("@")[0], **fields)
    return Member.objects.create(company=company, user=user, role=role)
