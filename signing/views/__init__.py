"""The signer's door, and the few pages that belong to nobody."""
