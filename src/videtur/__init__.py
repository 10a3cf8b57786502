"""Videtur: it appears. Preservation, examination and careful publication of video evidence."""

from importlib.metadata import version

__version__ = version("videtur")
