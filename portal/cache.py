"""The shared cache on Redis. It holds nothing that cannot be had again, so its absence slows and does not stop."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """A Redis that restarts reads as empty and takes nothing; `add` then fails, so that nobody believes in a lock."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _forgive(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        _forgive(lambda: super(ForgivingRedisCache, self).set(key, value, *args, **options), None)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return bool(_forgive(lambda: super(ForgivingRedisCache, self).add(key, value, *args, **options), False))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_forgive(lambda: super(ForgivingRedisCache, self).delete(key, version), False))


def _forgive(call: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return call()
    except RedisError as error:
        logger.warning("the cache does not answer (%s)", type(error).__name__)
        return otherwise
