"""What Django's lists are told beside: no count of everything, and no link to it either."""

from typing import Any

from django.http import HttpRequest
from unfold.views import ChangeList


class BoundedChangeList(ChangeList):
    """For long tables without filters in use: the number found is the whole number there is to tell."""

    full_result_count: int | None

    def get_results(self, request: HttpRequest) -> Any:
        super().get_results(request)
        if self.full_result_count is None:
            self.full_result_count = self.result_count
