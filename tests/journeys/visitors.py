"""People without a browser: a cookie jar, forms filled in by name, pages read as text."""

import html
import re
import uuid
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from local_http import plain_http

PASSWORD = "demo-demo-demo"


class Visitor:
    """Somebody who sends the product's own forms, with their hidden fields."""

    everybody: ClassVar = []

    def __init__(self, stack, language="en"):
        self.stack = stack
        Visitor.everybody.append(self)
        self.http = plain_http(
            base_url=stack.base, follow_redirects=True, headers={"accept-language": language}
        )

    def signs_in(self, who):
        self.sends("/accounts/login/", login=f"{who}@demo-practice.example", password=PASSWORD)
        return self

    def gets(self, path):
        return self.http.get(path)

    def reads(self, path):
        """Return a page as text, entities resolved."""
        page = self.gets(path)
        assert page.status_code == 200, (path, page.status_code)
        return html.unescape(page.text)

    def sends(self, path, *, to="", **fields):
        """Fetch a page for its token and send a form from it."""
        page = self.gets(path).text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = found[1] if found else self.http.cookies.get("csrftoken", "")
        fields = {name: str(value) for name, value in fields.items()}
        return self.http.post(
            to or path,
            data={"csrfmiddlewaretoken": token, **fields},
            headers={"referer": self.stack.base + path},
        )

    def books(self, page, *, name, email):
        """Take the last time that a page of the booking site offers; return the page after it."""
        times = re.findall(r'"(/[^/"]+/book/[^"]+)"', self.reads(page))
        # Without pressing it, which would hold it first.
        form = times[-1].replace("/hold/", "/")
        answer = self.sends(
            form, name=name, email=email, places=1, request_key=uuid.uuid4(), terms="on"
        )
        assert "Your appointment is booked" in answer.text, form
        return answer

    def authorises_zoom(self, company, *, user, shared_access=True, decision="allow"):
        """Press Authorise, consent at Zoom as one of its users, and come back."""
        settings = f"/office/{company}/online-meetings/"
        answer = self.sends(settings, to=f"{settings}zoom/authorise/")
        leaving = html.unescape(answer.text)
        address = re.search(re.escape(self.stack.zoom) + r"/oauth/authorize\?[^\"'<\s]+", leaving)
        asked = {key: value[0] for key, value in parse_qs(urlsplit(address[0]).query).items()}
        back = self.stack.steer_zoom(
            "POST",
            "/authorization",
            user=user,
            shared_access=shared_access,
            decision=decision,
            **asked,
        )["redirect_to"]
        return self.gets(back.removeprefix(self.stack.base))


def all_go_home():
    """Close the connections of everybody who visited."""
    while Visitor.everybody:
        Visitor.everybody.pop().http.close()
