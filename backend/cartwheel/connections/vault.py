"""Secrets at rest: AES-256-GCM, with what they belong to bound into the ciphertext.

A ciphertext copied to another workspace, connection or field does not decrypt. The key's id stands
with each record, so that keys can be changed one record at a time.
"""

import base64
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cartwheel.settings import KEY_BYTES, Settings, key_in

_NONCE_BYTES = 12


class BadSecretKey(Exception):
    """The key that protects the stored secrets cannot be read; the message says what to do."""


class CannotDecrypt(Exception):
    """This record was not written with our key, or not for this place."""


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret belongs."""

    workspace_id: int
    connection_id: str
    field: str

    @property
    def bound(self) -> bytes:
        return f"{self.workspace_id}\x1f{self.connection_id}\x1f{self.field}".encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted secret: nonce and ciphertext together, and which key it needs."""

    key_id: str
    ciphertext: bytes


class Vault:
    """Encrypts and decrypts with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise BadSecretKey(f"The secret key has {len(key)} bytes; it needs {KEY_BYTES}.")
        self._cipher = AESGCM(key)
        self.key_id = key_id(key)

    def seal(self, place: SecretPlace, secret: str) -> Sealed:
        """Encrypt a secret for its place."""
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, secret.encode(), place.bound)
        return Sealed(self.key_id, nonce + ciphertext)

    def open(self, place: SecretPlace, sealed: Sealed) -> str:
        """The secret again. Raises `CannotDecrypt`."""
        if sealed.key_id != self.key_id:
            raise CannotDecrypt("written with another key")
        nonce, ciphertext = sealed.ciphertext[:_NONCE_BYTES], sealed.ciphertext[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, place.bound).decode()
        except InvalidTag:
            raise CannotDecrypt("the record was moved or changed") from None


def load_secret_key(settings: Settings) -> bytes:
    """The installation's key: from the settings, else from its file, which is made at first use.

    Several processes may start first on one folder: all get the same key. Raises `BadSecretKey`.
    """
    found = find_secret_key(settings)
    if found is None:
        settings.data.root.mkdir(parents=True, exist_ok=True)
        _make_key(settings.data.secret_key)
        found = find_secret_key(settings)
        assert found is not None
    return found


def find_secret_key(settings: Settings) -> bytes | None:
    """The installation's key, or None where none was ever made. Raises `BadSecretKey`."""
    if settings.secret_key:
        return decode_key(settings.secret_key, "CARTWHEEL_SECRET_KEY")
    path = settings.data.secret_key
    return decode_key(path.read_text("latin-1"), str(path)) if path.exists() else None


def key_id(key: bytes) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(b"cartwheel key id" + key).hexdigest()[:16]


def _make_key(path: Path) -> None:
    """The file appears whole or not at all, and never in another's place: linking does both."""
    descriptor, made = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        os.unlink(made)  # noqa: PTH108


def decode_key(text: str, where: str) -> bytes:
    """The bytes of a written key; `where` says whose. Raises `BadSecretKey`."""
    key = key_in(text)
    if key is None:
        raise BadSecretKey(
            f"{where} must hold {KEY_BYTES} bytes in base64. "
            "Put back the key this installation was started with. If it is lost, take this one "
            "away: a new one is made, and the connections' secrets must be entered again."
        )
    return key
