"""The dashboard: pages in the browser over the hub's public interface."""

from sightline.web.app import mount

__all__ = ["mount"]
