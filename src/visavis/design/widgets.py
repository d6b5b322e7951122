"""Widgets ready for use. Django's own look right too; these do what they cannot."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from django import forms

from visavis.core.zone_names import zone_names
from visavis.design.zones import city_of, offset_label


class Switch(forms.CheckboxInput):
    """A checkbox for what takes effect as a whole: on or off."""


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class ColourInput(forms.TextInput):
    """The browser's own colour picker."""

    input_type = "color"


class ImageInput(forms.ClearableFileInput):
    """A picture, shown as soon as it is chosen."""

    template_name = "design/widgets/image.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/png,image/jpeg,image/webp", **(attrs or {})})


class TimeZoneSelect(forms.Select):
    """Every zone by continent, with the offset it has now."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        self.choices = zone_choices(datetime.now(UTC))
        return super().optgroups(name, value, attrs)


class DurationInput(forms.NumberInput):
    """Minutes, with the usual lengths to choose from."""

    template_name = "design/widgets/duration.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        presets: tuple[int, ...] = (15, 30, 45, 60, 90, 120),
    ) -> None:
        super().__init__({"min": 0, "step": 5, "inputmode": "numeric", **(attrs or {})})
        self.presets = presets

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget_attrs = context["widget"]["attrs"]
        if "id" in widget_attrs:
            widget_attrs["list"] = f"{widget_attrs['id']}_presets"
        return {**context, "presets": self.presets}


def zone_choices(now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return a <select>'s choices: ("Europe", [("Europe/Paris", "Paris (UTC+1)"), ...]), ..."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in zone_names():
        continent, _, rest = name.partition("/")
        city = ", ".join(city_of(part) for part in reversed(rest.split("/"))) or name
        groups[continent].append((name, f"{city} ({offset_label(name, now)})"))
    return list(groups.items())
