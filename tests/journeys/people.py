"""People with a browser: they read labels in their own language and press what they see."""

import gettext
import re
import time
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "src" / "visavis" / "locale"

LOCALES = {"en": "en-GB", "fr": "fr-FR"}
PHONE = {"viewport": {"width": 390, "height": 844}}


class Reader:
    """Somebody who reads one language: what is called X in English is called `say(X)` here."""

    def __init__(self, language):
        self.language = language
        translation = gettext.translation("django", LOCALE, [language], fallback=language == "en")
        self._translate = translation.gettext

    def __call__(self, text, **values):
        words = self._translate(text)
        return words % values if values else words


class Person:
    """A browser and a reader."""

    def __init__(self, page, stack, say):
        self.page, self.stack, self.say = page, stack, say

    def opens(self, path):
        self.page.goto(path if path.startswith("http") else self.stack.url(path))
        return self

    def presses(self, text, *, role="button", exact=True, **values):
        self.page.get_by_role(role, name=self.say(text, **values), exact=exact).first.click()
        return self

    def follows(self, text, *, exact=True, **values):
        return self.presses(text, role="link", exact=exact, **values)

    def fills(self, label, value):
        self.page.get_by_label(self.say(label)).fill(value)
        return self

    def button(self, text):
        return self.page.get_by_role("button", name=self.say(text), exact=True)

    def sees(self, text, **values):
        self.page.get_by_text(self.say(text, **values)).first.wait_for()
        return self

    def sees_badge(self, text):
        """See a badge that says this and nothing else: labels may have the same words."""
        badges = self.page.locator(".badge")
        badges.filter(has_text=re.compile(rf"^\s*{re.escape(self.say(text))}\s*$")).first.wait_for()
        return self

    def reloads_until(self, path, wanted, seconds=20):
        """Look at a page again and again, as people do who expect something."""
        deadline = time.monotonic() + seconds
        while not self.opens(path) or not wanted.count():
            assert time.monotonic() < deadline, f"{path} never showed {wanted}"
        return self

    def signs_in(self, address, password="demo-demo-demo", *, then="/office/"):
        self.opens(f"/accounts/login/?next={then}")
        self.page.fill("input[name=login]", address)
        self.page.fill("input[name=password]", password)
        self.page.click("main form button[type=submit]")
        self.page.wait_for_url(re.compile(r".*/office/.*|.*/meet/.*"))
        return self

    def goes_in_as(self, name):
        """Enter a room of Zoom, which asks for a name unless the link says it."""
        asked = self.page.get_by_label("Your name")
        asked.or_(self.page.get_by_text(name)).first.wait_for()
        if asked.count():
            asked.fill(name)
            self.page.get_by_role("button", name="Join").click()
        return self.sees(name)

    def begins(self, subject):
        """Return how the subject of a mail begins in the person's language."""
        return self.say(subject).split("[")[0].strip(" \u00a0:")

    @property
    def text(self):
        return self.page.locator("main").inner_text()
