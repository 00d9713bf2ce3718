"""What a worker does when it is called for a batch: whatever its status asks for."""

from signing import identities
from signing.models import BatchMode, BatchStatus
from signing.models.bulk import UNSENT_STATUSES

from . import batches, lists, reading, waves


def drive(batch_id: int) -> list[int]:
    """One turn, alone with the batch; the ids of envelopes made, to be sent by whoever called.

    Of a batch that goes through Docusign's Bulk Send it calls Docusign; raises DocusignError.
    """
    batch = batches.lease(batch_id)
    if batch is None:
        return []
    try:
        if batch.status == BatchStatus.READING:
            reading.read(batch)
        elif batch.status == BatchStatus.CHECKING:
            reading.check(batch)
        elif batch.status == BatchStatus.SENDING and identities.must_wait(batch.sent_as):
            batches.hold(batch)
        elif batch.mode == BatchMode.DOCUSIGN and batch.status not in UNSENT_STATUSES:
            lists.send_lists(batch)
        elif batch.status not in UNSENT_STATUSES:
            return waves.send_wave(batch)
        return []
    finally:
        batches.release(batch)
