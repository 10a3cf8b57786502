"""Ed25519 keys as PEM files that openssl reads, and as the verifier keys of C2SP signed notes."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519_NOTE = b"\x01"
"""Signature type of a plain Ed25519 signature in a signed note."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under the name it signs with."""

    name: str
    public_key: bytes
    """The 32 bytes of RFC 8032."""

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of the same name."""
        return sha256(self.name.encode() + b"\n" + _ED25519_NOTE + self.public_key).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the public key as DER; what a person compares with a printed copy."""
        return sha256(self._key().public_bytes(*_DER)).hexdigest()

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over these bytes."""
        try:
            self._key().verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def as_pem(self) -> bytes:
        """The public key as openssl reads it."""
        return self._key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def as_text(self) -> str:
        """The key in the form that tools for signed notes take: name+id+base64."""
        encoded = base64.b64encode(_ED25519_NOTE + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def from_pem(cls, pem: bytes, name: str | None = None) -> Self:
        """Read a public key; without a name it gets the one derived from itself. Raises ValueError."""
        try:
            key = serialization.load_pem_public_key(pem)
        except UnsupportedAlgorithm as problem:
            raise ValueError(str(problem)) from problem
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("this is no Ed25519 public key")
        raw = key.public_bytes_raw()
        return cls(ledger_name(raw) if name is None else name, raw)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `as_text`. Raises ValueError."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            content = base64.b64decode(encoded, validate=True)
        except binascii.Error as problem:
            raise ValueError(f"this is no verifier key: {text!r}") from problem
        verifier = cls(name, content[1:])
        if content[:1] != _ED25519_NOTE or len(content) != 33 or verifier.key_id.hex() != key_id:
            raise ValueError(f"this is no Ed25519 verifier key: {text!r}")
        return verifier

    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public_key)


_DER = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under the name it signs with."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """64 bytes of signature."""
        return self.key.sign(data)

    def as_pem(self) -> bytes:
        """The private key (PKCS #8, not encrypted)."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @classmethod
    def new(cls) -> Self:
        """A new key, named after itself."""
        key = Ed25519PrivateKey.generate()
        return cls(ledger_name(key.public_key().public_bytes_raw()), key)

    @classmethod
    def from_pem(cls, pem: bytes, name: str | None = None) -> Self:
        """Read a private key; without a name it gets the one derived from itself. Raises ValueError."""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (TypeError, UnsupportedAlgorithm) as problem:
            raise ValueError(str(problem)) from problem
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("this is no Ed25519 private key")
        return cls(ledger_name(key.public_key().public_bytes_raw()) if name is None else name, key)


def ledger_name(public_key: bytes) -> str:
    """The name (C2SP: origin) of the ledger signed by this key: unique, telling nothing of its keeper."""
    return f"videtur.example/ledger/{sha256(public_key).hexdigest()[:16]}"
