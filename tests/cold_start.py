"""`python -m tests.cold_start`: many processes with many threads each, all asking for an access token at once.

Prints a JSON list: a token or the name of an error per thread.
"""

import json
import os
import sys
import threading
import time

import django

PROCESSES = 8
THREADS = 8
START_SECONDS = 1.0


def main() -> int:
    django.setup()
    begin_at = time.time() + START_SECONDS
    readers = []
    for _ in range(PROCESSES):
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.write(writer, json.dumps(_ask_together(begin_at)).encode())
            os._exit(0)
        os.close(writer)
        readers.append(reader)
    results = [result for reader in readers for result in json.loads(os.fdopen(reader).read())]
    json.dump(results, sys.stdout)
    return 0


def _ask_together(begin_at: float) -> list[str]:
    from signing import connection
    from signing.docusign import DocusignError

    results: list[str] = []

    def ask() -> None:
        time.sleep(max(0, begin_at - time.time()))
        try:
            results.append(connection.shared_grants().current())
        except DocusignError as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


if __name__ == "__main__":
    sys.exit(main())
