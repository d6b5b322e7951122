"""The answer of *Check* in words: what was found, and what to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from visavis.companies.models import Company
from visavis.connections.checkup import Finding, State, What
from visavis.design import moments
from visavis.gateways.video import Fault
from visavis.meetings.faults import explanation


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. `cure` says what to do, `items` lists what it is about."""

    state: State
    title: str
    cure: str = ""
    items: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return self.state in {State.FINE, State.NOTICE}


def lines(findings: list[Finding], company: Company) -> list[Line]:
    """Return the findings in the active language; times in the company's zone."""
    return [_line(finding, company) for finding in findings]


def _line(finding: Finding, company: Company) -> Line:
    match finding.what:
        case What.APP:
            return _app(finding)
        case What.REDIRECT | What.WEBHOOK:
            return _address(finding)
        case What.EVENTS:
            return _events(finding, company)
        case What.ACCOUNT:
            return _account(finding)
        case What.SCOPES:
            return _scopes(finding)
        case What.USERS:
            return _users(finding)
        case What.HOST:
            return _host(finding)


def _app(finding: Finding) -> Line:
    if finding.state is State.FINE:
        return Line(finding.state, _("Zoom accepts the client ID and secret"))
    if finding.fault == "missing":
        return Line(finding.state, _("There is no app yet"), _("Enter one below."))
    if finding.fault == Fault.KEY:
        return Line(
            finding.state,
            _("The client secret cannot be read"),
            _("The key that protects it was changed. Enter the secret once more."),
        )
    if finding.fault in {Fault.UNREACHABLE, Fault.RATE_LIMITED}:
        return Line(finding.state, _("Zoom does not answer"), _("Try again in a few minutes."))
    return Line(
        finding.state,
        _("Zoom does not accept the client ID and secret"),
        _(
            "Copy them once more from the app's page in Zoom, both from the same set (development "
            "or production), and look whether the app is activated."
        ),
    )


def _address(finding: Finding) -> Line:
    items = (finding.facts["address"],)
    redirect = finding.what is What.REDIRECT
    if finding.state is State.FINE:
        title = _("The redirect address answers") if redirect else _("The webhook address answers")
        note = _("Asked from this server: whether Zoom reaches it too, only Zoom can tell.")
        return Line(finding.state, title, note, items)
    if finding.state is State.NOTICE:
        return Line(
            finding.state,
            _("There is no secret token, so events from Zoom are refused"),
            _(
                "Meetings work all the same, since we ask Zoom once a minute. With a token we are "
                "told at once."
            ),
        )
    title = (
        _("The redirect address does not answer")
        if redirect
        else _("The webhook address does not pass Zoom's test")
    )
    cure = _(
        "Whoever runs this installation must see to it that this address leads here by https: "
        "VISAVIS_BASE_URL, the reverse proxy, the certificate."
    )
    return Line(finding.state, title, cure, items)


def _events(finding: Finding, company: Company) -> Line:
    facts = finding.facts
    if finding.state is State.FINE:
        when = moments.full_moment(facts["at"], company.time_zone)
        return Line(
            finding.state,
            _("The last event from Zoom: %(event)s, %(moment)s")
            % {"event": facts["event"], "moment": when},
        )
    if finding.fault == "refused":
        return Line(
            finding.state,
            _("Something came whose signature is wrong"),
            _("The secret token is not that of this app. Copy it once more from Zoom."),
        )
    return Line(
        finding.state,
        _("No event has come from Zoom yet"),
        _("That is as it should be before the first meeting. Zoom's button Validate sends one."),
    )


def _account(finding: Finding) -> Line:
    if finding.state is State.FINE:
        return Line(finding.state, _("The Zoom account answers"), items=(finding.facts["name"],))
    if finding.state is State.SKIPPED:
        title = _("The account, its users and hosts were not looked at")
        if finding.fault == "not_connected":
            return Line(finding.state, title, _("Connect Zoom first; then check again."))
        return Line(finding.state, title, _("Zoom must accept the app first."))
    return Line(finding.state, _("The Zoom account does not answer"), explanation(finding.fault))


def _scopes(finding: Finding) -> Line:
    if finding.state is State.FINE:
        return Line(finding.state, _("The app has every scope it needs"))
    if finding.state is State.NOTICE:
        return Line(
            finding.state,
            _("Optional scopes are missing"),
            _(
                "Online meetings work without them; what each is for stands below. Add them to "
                "the app in Zoom if you want them, then reconnect here."
            ),
            tuple(finding.facts["missing"]),
        )
    return Line(
        finding.state,
        _("Scopes are missing"),
        _("Add them to the app in Zoom, then reconnect here: only a new grant has them."),
        tuple(finding.facts["missing"]),
    )


def _users(finding: Finding) -> Line:
    if finding.state is State.WRONG:
        title = _("The users of the account cannot be listed")
        return Line(finding.state, title, explanation(finding.fault))
    count, name = finding.facts["count"], finding.facts["name"]
    if finding.state is State.FINE:
        title = _("All users of the account can be hosts: %(count)s") % {"count": count}
        return Line(finding.state, title)
    title = _("Only %(name)s can be host") % {"name": name}
    if finding.fault == "own_only":
        return Line(
            finding.state,
            title,
            _("The app is managed by each user, so that it reaches nobody but who authorised it."),
        )
    if finding.fault == "no":
        return Line(
            finding.state,
            title,
            _("Shared access was not allowed. Press Reconnect and tick the box at Zoom."),
        )
    return Line(
        finding.state,
        _("Whether access is shared could not be found out"),
        _("There is nobody else on the account to look at, or a scope is missing."),
    )


def _host(finding: Finding) -> Line:
    if finding.fault == "more":
        title = _("Further hosts were not looked at: %(count)s") % finding.facts
        return Line(finding.state, title)
    if finding.state is State.FINE:
        return Line(finding.state, _("%(name)s can be host") % finding.facts)
    if finding.fault == "basic":
        return Line(
            finding.state,
            _("%(name)s has a Basic licence") % finding.facts,
            _("Zoom ends their meetings after 40 minutes."),
        )
    return Line(
        finding.state,
        _("%(name)s cannot be used as host as things are") % finding.facts,
        explanation(finding.fault),
    )
