"""A stand-in for Docusign: OAuth, eSignature REST v2.1 and the signing ceremony, stateful and strict.

It runs as a process of its own (`python -m sandbox`), keeps its own database, and knows nothing of whoever
talks to it. Nothing signed here is legally binding.
"""
