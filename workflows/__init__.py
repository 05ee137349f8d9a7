"""Deterministic workflows, their messages, time limits and retry rules. Nothing here touches the world."""
