"""A camera as a service of systemd, with as few rights as it can work with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sightline.errors import OutputError, ToolError

_UNITS = Path("/etc/systemd/system")
_STATES = Path("/var/lib")

_UNIT = """\
[Unit]
Description=Sightline camera {name}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart={program} camera run --log-json
Restart=on-failure
RestartSec=5
StateDirectory={folder}
StateDirectoryMode=0700
DynamicUser=yes
SupplementaryGroups=video
Environment=HOME=%S/{folder}

# A camera reads its device, writes its state, and speaks to the network; nothing else.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
UMask=0077
DevicePolicy=closed
DeviceAllow=char-video4linux rw
DeviceAllow=char-media rw
DeviceAllow=char-drm rw
DeviceAllow=char-dma_heap rw
MemoryHigh=75%
OOMPolicy=stop

[Install]
WantedBy=multi-user.target
"""


def unit(name: str) -> str:
    """The text of the unit."""
    program = shutil.which("sightline") or str(Path(sys.executable).with_name("sightline"))
    return _UNIT.format(name=name, folder=_folder(name), program=program)


def install_unit(name: str, prepare: Callable[[Path], str]) -> str:
    """Enrol into the service's state folder, write the unit, start it; what to say of it.

    prepare  enrols and remembers the configuration in a folder
    Raises OutputError, ToolError.
    """
    if shutil.which("systemctl") is None:
        raise ToolError(
            "systemd is not here; `sightline camera install --print` shows the unit, and "
            "`sightline camera run` is what any other supervisor has to start"
        )
    prepare(_STATES / _folder(name))
    path = _UNITS / f"{_folder(name)}.service"
    try:
        path.write_text(unit(name))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}; use sudo") from None
    for arguments in (["daemon-reload"], ["enable", "--now", path.name]):
        done = subprocess.run(["systemctl", *arguments], capture_output=True, text=True)  # noqa: S603, S607
        if done.returncode:
            raise ToolError(f"systemctl {' '.join(arguments)}: {done.stderr.strip()}")
    return f"{path.name} runs; journalctl -u {path.name} shows what it says"


def _folder(name: str) -> str:
    return f"sightline-camera-{name}"
