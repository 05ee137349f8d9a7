"""The rules of a contact centre: pure, without input or output, clock or framework."""
