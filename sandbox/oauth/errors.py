"""How OAuth refuses: not in the API's error format."""


class GrantError(Exception):
    """Answered with HTTP 400 and `{"error", "error_description"?}` (reference 1.4)."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.body = {"error": error} | ({"error_description": description} if description else {})
