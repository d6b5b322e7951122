"""The OAuth 2.0 half: authorisation pages, the token endpoint, revocation."""
