"""Showing mail inside a page: as mail programs do, and without letting it do anything."""

import re

from csp.decorators import csp_update

# Mail is styled by attributes; scripts stay forbidden, and the frame is sandboxed as well.
showing_mail = csp_update({"style-src-attr": ["'unsafe-inline'"]})
# Mail programs that know style sheets use them for the dark; the page's own policy forbids them.
_STYLE_SHEET = re.compile(r"<style\b.*?</style>", re.DOTALL)


def framed(html: str) -> str:
    """Return a mail's HTML as a document for a sandboxed frame."""
    return _STYLE_SHEET.sub("", html)
