"""The signing app: envelopes from draft to sealed PDF. See docs/architecture.md for its rooms and floors."""
