"""What other systems say of their pictures, one file a format."""
