"""How large a picture may be before it is refused as an attack on memory."""

MAX_PIXELS = 8192 * 8192  # beyond any camera that sends video; 200 MB as RGB
