"""Is a proof bundle what the portal handed out? Stands alone: no Django, no network, nothing else of the portal.

    python -m signing.verify bundle.zip

Needs Python and `cryptography`; the seals of the PDFs are checked where pyHanko is installed as well.
"""
