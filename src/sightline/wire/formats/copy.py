"""From one format to another."""

from __future__ import annotations

from sightline.wire.formats.base import MetadataReader, MetadataWriter
from sightline.wire.frame import detections_of
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import Event, FrameMetadata, Header, Measure


def copy(reader: MetadataReader, writer: MetadataWriter) -> int:
    """Write everything that the reader gives; returns the number of frames.

    Raises what the two raise. Closing the writer is the caller's.
    """
    index, header, frames = LabelIndex(), reader.header, 0
    for message in reader.messages():
        match message:
            case Header():
                index.learn(message.labels)
                header = index.applied(message)
                writer.header(header)
            case FrameMetadata():
                if index.learn(item.label for item in message.objects):
                    writer.header(index.applied(header))
                writer.frame(
                    detections_of(message, index),
                    index.names,
                    message.sequence,
                    message.time_ns,
                    message.truth,
                    message.name,
                )
                frames += 1
            case Event():
                writer.event(message)
            case Measure():
                writer.measure(message)
    return frames
