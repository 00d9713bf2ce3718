"""Which hosts of Docusign's a browser meets in a ceremony (reference 1.1, 3.1, 3.5)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hosts:
    """`signing_app` is named in `frameAncestors` and `messageOrigins`; `frames` may stand in a frame of ours.

    `ways` are all that a browser may pass when a form of ours sends it into the ceremony: browsers hold
    `form-action` against every step of a redirect, and whoever is stopped there cannot sign at all. So it is wider.
    """

    docusign_js: str
    signing_app: str
    frames: tuple[str, ...]
    ways: tuple[str, ...]


DOCUSIGN = ("https://*.docusign.net", "https://*.docusign.com")
DEMO = Hosts(
    docusign_js="https://js-d.docusign.com/bundle.js",
    signing_app="https://apps-d.docusign.com",
    frames=("https://apps-d.docusign.com", "https://demo.docusign.net", "https://account-d.docusign.com"),
    ways=DOCUSIGN,
)
PRODUCTION = Hosts(
    docusign_js="https://js.docusign.com/bundle.js",
    signing_app="https://apps.docusign.com",
    frames=("https://apps.docusign.com", "https://*.docusign.net", "https://account.docusign.com"),
    ways=DOCUSIGN,
)
ENVIRONMENTS = {"https://account-d.docusign.com": DEMO, "https://account.docusign.com": PRODUCTION}


def hosts_of(oauth_base_url: str) -> Hosts:
    """The environment is known by its OAuth host. Any other is a stand-in, which does everything itself."""
    origin = oauth_base_url.rstrip("/")
    own = Hosts(docusign_js=f"{origin}/bundle.js", signing_app=origin, frames=(origin,), ways=(origin,))
    return ENVIRONMENTS.get(origin, own)
