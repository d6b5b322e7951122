"""The application: every address and what answers it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from zoom_simulator.api import routes as api
from zoom_simulator.control import routes as control
from zoom_simulator.oauth import authorize, token
from zoom_simulator.pages import portal, sessions
from zoom_simulator.pages.rendering import FOLDER, page
from zoom_simulator.recording import Recording
from zoom_simulator.rooms import pages as rooms
from zoom_simulator.simulator import Simulator


def build(sim: Simulator) -> Starlette:
    """Return the application around one simulator."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        urls = [app for app in sim.state.apps.values() if app.event_url]
        jobs = [sim.run(), *(sim.postman.introduce(app) for app in urls)]
        running = [asyncio.create_task(job) for job in jobs]
        yield
        for task in running:
            task.cancel()
        await sim.postman.close()

    app = Starlette(
        routes=[
            *api.routes(),
            *control.routes(),
            *_oauth(),
            *_pages(),
            *_rooms(),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ],
        middleware=[Middleware(Recording, sim=sim)],
        exception_handlers={404: _nothing_here},
        lifespan=lifespan,
    )
    app.state.sim = sim
    return app


def _oauth() -> list[Route]:
    return [
        Route("/oauth/authorize", authorize.ask, methods=["GET"]),
        Route("/oauth/authorize", authorize.decide, methods=["POST"]),
        Route("/oauth/token", token.token, methods=["POST"]),
        Route("/oauth/revoke", token.revoke, methods=["POST"]),
    ]


def _pages() -> list[Route]:
    app = "/user/installed/{client_id}"
    return [
        Route("/", portal.home),
        Route("/signin", sessions.choose, methods=["GET"]),
        Route("/signin", sessions.enter, methods=["POST"]),
        Route("/signout", sessions.leave, methods=["POST"]),
        Route("/meetings", portal.meetings),
        Route("/meetings/{number:int}/start", portal.start_meeting, methods=["POST"]),
        Route("/meetings/{number:int}/delete", portal.delete_meeting, methods=["POST"]),
        Route("/user/installed", portal.installed),
        Route(f"{app}/remove", portal.confirm_removal, methods=["GET"]),
        Route(f"{app}/remove", portal.remove, methods=["POST"]),
        Route(f"{app}/permissions", portal.permissions, methods=["POST"]),
    ]


def _rooms() -> list[Route]:
    return [
        Route("/j/{number:int}", rooms.join, methods=["GET", "POST"]),
        Route("/w/{number:int}", rooms.join_personally),
        Route("/s/{number:int}", rooms.start),
        Route("/room/{seat}", rooms.room),
        Route("/room/{seat}/state", rooms.fragment),
        Route("/room/{seat}/leave", rooms.leave, methods=["POST"]),
        Route("/room/{seat}/end", rooms.end, methods=["POST"]),
        Route("/room/{seat}/admit", rooms.admit, methods=["POST"]),
    ]


async def _nothing_here(request: Request, _: Exception) -> Response:
    text = "There is no page at this address."
    return page(request, "closed.html", 404, heading="Nothing here", text=text)
