"""The provider's addresses."""

from django.urls import include, path
from oauth2_provider import urls as oauth2_urls

from .people import person

urlpatterns = [
    path("person/", person),
    path("o/", include((oauth2_urls.urlpatterns, "oauth2_provider"))),
]
