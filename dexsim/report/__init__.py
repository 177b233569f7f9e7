"""A run as a page that people can look at."""
