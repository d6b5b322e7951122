"""A person at Zoom's own pages, with a browser of their own: signs in, ticks, allows, declines."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx2
from django.conf import settings

from local_http import plain_http

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_LINK = re.compile(r'http-equiv="refresh" content="0;url=([^"]+)"')


class Person:
    """Follows Zoom's redirects until one leads back to us, and returns where to."""

    def __init__(self, zoom, user):
        self.zoom, self.user = zoom, user
        self.browser = plain_http()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.browser.close()

    def authorise(self, departure, *, shared=True, decision="allow"):
        """Go where our page sends people, answer Zoom, and return the way back to us."""
        where = unescape(_LINK.search(departure.content.decode())[1])
        page = self._until_back(self.browser.get(where), where)
        if isinstance(page, str):
            return page
        answer = {name: unescape(value) for name, value in _FIELD.findall(page.text)}
        answer["decision"] = decision
        if shared:
            answer["shared_access"] = "on"
        url = f"{self.zoom.url}/oauth/authorize"
        return self._until_back(self.browser.post(url, data=answer), url)

    def remove_app(self, client_id):
        self.browser.post(f"{self.zoom.url}/user/installed/{client_id}/remove")

    def update_permissions(self, client_id, *, shared):
        data = {"shared_access": "on"} if shared else {}
        self.browser.post(f"{self.zoom.url}/user/installed/{client_id}/permissions", data=data)

    def _until_back(self, response, url):
        while response.is_redirect:
            url = urljoin(url, response.headers["location"])
            if url.startswith(settings.BASE_URL):
                parts = urlsplit(url)
                return f"{parts.path}?{parts.query}"
            if urlsplit(url).path == "/signin":
                following = httpx2.URL(url).params["next"]
                response = self.browser.post(
                    f"{self.zoom.url}/signin", data={"user": self.user, "next": following}
                )
            else:
                response = self.browser.get(url)
        return response


def depart(client, company="willow", page="authorise"):
    return client.post(f"/office/{company}/online-meetings/zoom/{page}/")


def connect(client, person, **answers):
    """Go to Zoom and come back; returns what we answer then."""
    return client.get(person.authorise(depart(client), **answers))


def text(response):
    return response.content.decode()
