"""What is true of any market maker of two tokens, looked at through an adapter alone."""
