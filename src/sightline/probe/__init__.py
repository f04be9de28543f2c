"""Pictures to a few numbers, before the sensor: what tracks cannot tell, and no picture is."""
