"""The workbench: settings, streaming, uploads, pages shared by all apps."""
