"""An OpenID Connect provider for tests, in a process of its own: django-oauth-toolkit, with one person at its desk.

`python -m tests.oidc_provider PORT` serves it; tests say by `POST /person/` who sits there. Nobody is asked for a
password or for consent: what is tested is what the portal makes of the answer.
"""
