"""Drafts of an answer by a language model of the host's choice: off unless named, an untrusted writer, never sent by itself."""
