"""Telephones, browsers and ears for the tests."""
