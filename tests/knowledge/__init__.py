"""Tests of the knowledge."""
