"""A picture on request: released by the policy, entered in the ledger, then sent to the hub."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Awaitable, Callable

from sightline.camera.privacy import Published
from sightline.errors import OutputError
from sightline.wire.egress import SentPicture

_QUALITY = 85
_PATIENCE_S = 30.0


class PictureDesk:
    """Sends what `Privacy.publish` released and nothing else.

    enter  writes the ledger's entry; what it raises keeps the picture here
    token  proof of who the camera is
    """

    def __init__(
        self,
        hub: str,
        camera: str,
        token: Callable[[], str],
        trust: ssl.SSLContext,
        enter: Callable[[tuple[SentPicture, ...]], Awaitable[None]],
    ) -> None:
        self._url = f"{hub}/api/v1/cameras/{camera}/pictures"
        self._token, self._trust, self._enter = token, trust, enter
        self.sent = 0

    async def send(
        self, id: str, time_ns: int, published: Published, reason: str
    ) -> dict[str, object]:
        """Upload one picture; what is known of it. Raises OutputError."""
        import httpx

        data = encoded(published)
        known = SentPicture(
            id, time_ns, len(data), hashlib.sha256(data).hexdigest(), published.policy, reason[:200]
        )
        await self._enter((known,))
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Content-Type": "image/jpeg",
            "X-Picture-Time": str(time_ns),
            "X-Picture-Policy": published.policy,
        }
        try:
            async with httpx.AsyncClient(
                verify=self._trust, timeout=_PATIENCE_S, trust_env=False
            ) as client:
                answer = await client.post(f"{self._url}/{id}", content=data, headers=headers)
        except httpx.HTTPError as error:
            raise OutputError(
                f"the picture could not be sent: {error or type(error).__name__}"
            ) from None
        if answer.status_code >= 300:
            raise OutputError(f"the hub did not take the picture: answer {answer.status_code}")
        self.sent += 1
        return {"picture": id, "sha256": known.sha256, "policy": known.policy, "time_ns": time_ns}


def encoded(published: Published) -> bytes:
    """As JPEG."""
    import cv2

    if not isinstance(published, Published):
        raise TypeError("only what the privacy policy published can be sent")
    done, data = cv2.imencode(
        ".jpg", published.rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    assert done
    return data.tobytes()
