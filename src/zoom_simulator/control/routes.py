"""The addresses below `/_sim`: JSON for programs, one page for people."""

from starlette.routing import Route

from zoom_simulator.control import inside, page, trouble, world

ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes() -> list[Route]:
    """Return every route below `/_sim`."""
    meeting = "/_sim/meetings/{number:int}"
    return [
        Route("/_sim/", page.show),
        Route("/_sim/page/{action}", page.act, methods=["POST"]),
        Route("/_sim/state", trouble.overview),
        Route("/_sim/reset", trouble.reset, methods=["POST"]),
        Route("/_sim/clock", trouble.clock, methods=ANY),
        Route("/_sim/faults", trouble.faults, methods=ANY),
        Route("/_sim/faults/{id:int}", trouble.one_fault, methods=["DELETE"]),
        Route("/_sim/limits", trouble.limits, methods=["GET", "PUT"]),
        Route("/_sim/apps", world.apps),
        Route("/_sim/apps/{client_id}", world.one_app, methods=["PUT", "DELETE"]),
        Route("/_sim/apps/{client_id}/validation", world.validate, methods=["POST"]),
        Route("/_sim/accounts", world.accounts, methods=["GET", "POST"]),
        Route("/_sim/accounts/{id}", world.one_account, methods=["PATCH"]),
        Route("/_sim/accounts/{id}/users", world.users, methods=["POST"]),
        Route("/_sim/users", world.users, methods=["GET"]),
        Route("/_sim/users/{id}", world.one_user, methods=["PATCH", "DELETE"]),
        Route("/_sim/grants", world.all_grants, methods=["GET", "POST"]),
        Route("/_sim/grants/{client_id}/{user_id}", world.one_grant, methods=["PATCH", "DELETE"]),
        Route("/_sim/authorization", world.authorization, methods=["POST"]),
        Route("/_sim/calls", inside.calls, methods=["GET", "DELETE"]),
        Route("/_sim/webhooks", inside.webhooks, methods=["GET", "POST", "DELETE"]),
        Route("/_sim/webhooks/flush", inside.flush, methods=["POST"]),
        Route("/_sim/meetings", inside.all_meetings, methods=["GET", "POST"]),
        Route(meeting, inside.one_meeting, methods=["GET", "DELETE"]),
        Route(f"{meeting}/start", inside.start, methods=["POST"]),
        Route(f"{meeting}/join", inside.join, methods=["POST"]),
        Route(f"{meeting}/end", inside.end, methods=["POST"]),
        Route("/_sim/seats/{token}/leave", inside.leave, methods=["POST"]),
    ]
