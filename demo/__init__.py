"""The demo: portal, sandbox and worker together on one machine, with a few example envelopes.

The only place that knows both neighbours; production uses neither this package nor the sandbox.
"""
