"""The rules once more, minute by minute and with plain datetimes: slow, and hard to get wrong.

Nothing here uses the core's spans, grids or zone tables.
"""

from datetime import UTC, datetime, timedelta


def shown(minute, zone):
    """What the wall shows, as a naive datetime."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).replace(tzinfo=None)


def instant(local, zone):
    """The minute a naive local time means; zoneinfo's fold=0 is our rule for odd hours."""
    return int(local.replace(tzinfo=zone, fold=0).timestamp()) // 60


def minutes(spans):
    return {minute for start, end in spans for minute in range(start, end)}


def bookable(case, start):
    """Whether `start` may be booked, for a dict of `Availability`'s arguments."""
    rules, now = case["rules"], case["now"]
    if start < now + rules.notice:
        return False
    if rules.horizon is not None and start - now > rules.horizon:
        return False
    if start in case["joinable"]:
        return case["joinable"][start] >= rules.places
    if rules.sessions_only or rules.places > rules.seats:
        return False
    return fits(case, start) and on_grid(case, start) and undisturbed(case, start)


def fits(case, start):
    rules = case["rules"]
    first, last = start, start + rules.duration
    if not rules.buffer_may_overrun_closing:
        first, last = first - rules.buffer_before, last + rules.buffer_after
    return case["open"].issuperset(range(first, last))


def on_grid(case, start):
    zone, began = case["zone"], start
    while began - 1 in case["open"]:
        began -= 1
    wall, origin = shown(start, zone), shown(began, zone)
    if (wall.date() - origin.date()).days > 1:
        origin = datetime.combine(wall, datetime.min.time())
    return (wall - origin) % timedelta(minutes=case["rules"].step) == timedelta(0)


def undisturbed(case, start):
    rules = case["rules"]
    meeting = range(start, start + rules.duration)
    around = range(start - rules.buffer_before, meeting.stop + rules.buffer_after)
    return (
        case["not_near"].isdisjoint(around)
        and case["host_minutes"].isdisjoint(meeting)
        and (rules.day_limit is None or booked_that_day(case, start) < rules.day_limit)
    )


def booked_that_day(case, start):
    day = day_of(start, case["zone"])
    return sum(day_of(begin, case["zone"]) == day for begin, _ in case["taken"])


def day_of(minute, zone):
    """A local day begins when the wall first shows its date, and lasts until the next begins."""
    return max(shown(earlier, zone).date() for earlier in range(minute - 180, minute + 1, 5))


def slots(case, window):
    """Every minute of the window that may be booked."""
    case = {
        **case,
        "open": minutes(case["company"].open)
        & minutes(case["provider"].open)
        & (minutes(case["offering"].open) if case["offering"] else minutes(case["company"].open)),
        "not_near": minutes(case["blocked"]) | minutes(case["elsewhere"]),
        "host_minutes": minutes(case["host_busy"]),
    }
    return [start for start in range(*window) if bookable(case, start)]
