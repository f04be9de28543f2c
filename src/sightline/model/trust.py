"""Whose packages run here: anybody's at one's own desk, only those of known signers on cameras."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sightline.errors import ModelError
from sightline.model.keys import trusted_keys
from sightline.model.package import Package
from sightline.model.places import config_folder

_log = logging.getLogger(__name__)


def require_signer(package: Package, origin: str, trusted: Mapping[str, str] | None = None) -> str:
    """The name of the trusted signer of a package.

    trusted  key ids and names; without it those that this user trusts
    Raises ModelError for a package that nobody signed, or somebody unknown.
    """
    if package.signature is None:
        raise ModelError(
            f"{origin}: nobody signed this package; sign it (sightline model sign), or get it "
            "from its maker with a signature"
        )
    known = trusted_keys() if trusted is None else trusted
    key_id = package.signature.key_id
    if key_id not in known:
        raise ModelError(
            f"{origin}: is signed with key {key_id}, which is not trusted here; to trust it, put "
            f"its public key into {config_folder() / 'trusted'}"
        )
    return known[key_id]


def admit(package: Package, origin: str, *, require_signature: bool) -> None:
    """Let a package run, or raise ModelError; one that nobody known signed runs with a notice."""
    try:
        require_signer(package, origin)
    except ModelError as error:
        if require_signature:
            raise
        _log.warning("%s. It runs all the same, because no signature is required here.", error)
