"""The folder carrier: letters as files, for a first look and for tests. Nothing leaves the machine."""
