"""The durable queue between a camera and its link: everything is stored before it is sent."""
