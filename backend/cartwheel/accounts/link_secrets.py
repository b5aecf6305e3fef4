"""Tokens of links that leave the house: made from the installation's key and what they open.

Nothing of ours ever holds such a token, only its hash: it is made when the link leaves, and made
again, the same, when the letter has to be sent once more. Without the key nobody can make one.
"""

import base64
import hmac

from cartwheel.accounts.random_secrets import digest

_PURPOSE = b"cartwheel links of approvals, 1"


class LinkSecrets:
    """Makes the tokens of one installation's links."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, _PURPOSE, "sha256")

    def token(self, workspace_id: int, approval_id: str, number: int) -> str:
        """256 bits as 43 characters: the link of one person to one approval."""
        place = f"{workspace_id}\x1f{approval_id}\x1f{number}".encode()
        secret = hmac.digest(self._key, place, "sha256")
        return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()

    def button_token(self, workspace_id: int, approval_id: str, number: int) -> str:
        """The secret of the buttons of one question in Slack; it opens no link."""
        return self.token(workspace_id, f"{approval_id}\x1fbutton", number)

    def token_hash(self, workspace_id: int, approval_id: str, number: int) -> str:
        """Under which the link is found."""
        return digest(self.token(workspace_id, approval_id, number))
