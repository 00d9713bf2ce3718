"""The signing ceremony: what a signer sees between the recipient view's URL and the return URL."""
