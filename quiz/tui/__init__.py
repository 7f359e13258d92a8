"""The Textual front over the session object."""
