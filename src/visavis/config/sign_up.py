"""The sign-up page. Apart from `accounts`, which allauth's own views import."""

from typing import Any

from allauth.account.views import SignupView

from visavis.companies.operations import find_invitation


class SignUp(SignupView):  # type: ignore[misc]  # allauth has no types
    """Sign-up that reminds whoever was invited whom they are about to join."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        token = self.request.session.get("invitation")
        invitation = find_invitation(token) if token else None
        return {**super().get_context_data(**kwargs), "invitation": invitation}
