"""What a worker does when it is called for a batch: whatever its status asks for."""

from signing.models import BatchStatus

from . import batches, reading, waves


def drive(batch_id: int) -> list[int]:
    """One turn, alone with the batch; the ids of envelopes made, to be sent by whoever called."""
    batch = batches.lease(batch_id)
    if batch is None:
        return []
    try:
        if batch.status == BatchStatus.READING:
            reading.read(batch)
        elif batch.status == BatchStatus.CHECKING:
            reading.check(batch)
        elif batch.status != BatchStatus.DRAFT:
            return waves.send_wave(batch)
        return []
    finally:
        batches.release(batch)
