"""Refusals of the REST half, with Zoom's codes (Zoom API reference, error tables)."""

from starlette.responses import JSONResponse


class ApiError(Exception):
    """A call is turned down."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.errors, self.headers = errors, headers or {}

    def response(self) -> JSONResponse:
        """Return the refusal as Zoom writes it."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = self.errors
        return JSONResponse(body, self.status, headers=self.headers)


def no_such_user(user_id: str) -> ApiError:
    """Return 404/1001."""
    return ApiError(404, 1001, f"User does not exist: {user_id}.")


def no_such_meeting(meeting_id: int | str) -> ApiError:
    """Return 404/3001."""
    return ApiError(404, 3001, f"Meeting does not exist: {meeting_id}.")


def invalid_token() -> ApiError:
    """Return 401/124 for a token which is unknown, replaced or revoked."""
    return ApiError(401, 124, "Invalid access token.")


def expired_token() -> ApiError:
    """Return 401/124 for a token which was good once."""
    return ApiError(401, 124, "Access token is expired.")


def missing_scopes(scopes: tuple[str, ...]) -> ApiError:
    """Return 400/4711, naming the scopes of which one would do."""
    listed = ", ".join(scopes)
    return ApiError(400, 4711, f"Invalid access token, does not contain scopes:[{listed}].")


def not_shared() -> ApiError:
    """Return the 403 of a grant without the shared-access box (Using Zoom APIs)."""
    message = "authenticated user has not permitted access to the targeted resource"
    return ApiError(403, 403, message)


def api_denied() -> ApiError:
    """Return the 403 of an account which may not use the REST API."""
    message = (
        "Access to the Zoom REST API has been denied for this account. "
        "Contact Zoom Support for details."
    )
    return ApiError(403, 403, message)


def may_not_host() -> ApiError:
    """Return 400/3161."""
    message = "Your user account is not allowed meeting hosting and scheduling capabilities."
    return ApiError(400, 3161, message)


def invalid(*fields: tuple[str, str]) -> ApiError:
    """Return 400/300 naming the fields which are wrong."""
    errors = [{"field": field, "message": message} for field, message in fields]
    return ApiError(400, 300, "Validation Failed.", errors=errors)
