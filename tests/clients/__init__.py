"""Clients that nobody here wrote, against a deployment on a node that nobody here wrote."""
