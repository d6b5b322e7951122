"""The demo's mailbox. Shown in development only, and open to everybody there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from visavis.demo import data, mailbox


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List what the SMTP sink received."""
    mails = mailbox.all_mail()
    return render(request, "demo/inbox.html", {"mails": mails, "zone": data.ZONE})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one message as text and as HTML."""
    found = mailbox.one_mail(name)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found, "zone": data.ZONE})


@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show a message's HTML alone, for the frame; it can run and load nothing."""
    found = mailbox.one_mail(name)
    if found is None:
        raise Http404
    # Its links leave the frame.
    response = HttpResponse(found.html.replace("<head>", '<head><base target="_top">', 1))
    response._csp_replace = {  # type: ignore[attr-defined]  # how django-csp is told
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "form-action": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
    }
    return response
