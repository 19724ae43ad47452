"""Requests to answers; everything that computes lies in the layers below."""
