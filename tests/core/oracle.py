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
        meeting = range(start, start + rules.duration)
        overbooked = not case["overbooked_minutes"].isdisjoint(meeting)
        return case["joinable"][start] >= rules.places and not overbooked
    if rules.sessions_only or rules.places > rules.seats:
        return False
    return (
        fits(case, start)
        and undisturbed(case, start)
        and on_grid(case, start)
        and not full(case, start)
    )


def fits(case, start):
    rules = case["rules"]
    first, last = start, start + rules.duration
    if not rules.buffer_may_overrun_closing:
        first, last = first - rules.buffer_before, last + rules.buffer_after
    return case["open"].issuperset(range(first, last))


def on_grid(case, start):
    zone = case["zone"]
    wall, origin = shown(start, zone), shown(case["began"][start], zone)
    if (wall.date() - origin.date()).days > 1:
        origin = datetime.combine(wall, datetime.min.time())
    return (wall - origin) % timedelta(minutes=case["rules"].step) == timedelta(0)


def undisturbed(case, start):
    rules = case["rules"]
    meeting = range(start, start + rules.duration)
    around = range(start - rules.buffer_before, meeting.stop + rules.buffer_after)
    return case["not_near"].isdisjoint(around) and case["host_minutes"].isdisjoint(meeting)


def full(case, start):
    limit = case["rules"].day_limit
    return limit is not None and case["days"].count(day_of(start, case["zone"])) >= limit


def day_of(minute, zone):
    """A local day begins when the wall first shows its date, and lasts until the next begins."""
    return max(shown(earlier, zone).date() for earlier in range(minute - 180, minute + 1, 5))


def openings_began(open_minutes):
    """For every open minute, the one since which there has been no break."""
    began = {}
    for minute in sorted(open_minutes):
        began[minute] = began.get(minute - 1, minute)
    return began


def slots(case, window):
    """Every minute of the window that may be booked."""
    tables = [case["company"], case["provider"], case["offering"]]
    open_minutes = set.intersection(*(minutes(table.open) for table in tables if table))
    case = {
        **case,
        "open": open_minutes,
        "began": openings_began(open_minutes),
        "days": [day_of(start, case["zone"]) for start, _ in case["taken"]],
        "not_near": minutes(case["blocked"]) | minutes(case["elsewhere"]),
        "host_minutes": minutes(case["host_busy"]),
        "overbooked_minutes": minutes(case["host_overbooked"]),
    }
    return [start for start in range(*window) if bookable(case, start)]
