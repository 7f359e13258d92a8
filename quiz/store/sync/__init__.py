"""Sync without a server: devices exchange their histories through a folder that anything may carry from one to another.

Each device writes only its own files there, `<device>-<year>.jsonl`: one event a line, each line with its checksum,
lines only ever added at the end. So a file sync, git or a USB stick merges by copying files, and no two devices ever
write to one. What the folder holds is taken in by id; what nobody has put there yet is written. Events stand in the
order of study (time, device, sequence) whatever the order in which they came, so all devices arrive at the same state.

`lines` is the format, `folder` the files, `marks` what was read before, `run` one sync, `courier` does it in the
background of a session.
"""

from quiz.store.sync.run import Report, sync

__all__ = ["Report", "sync"]
