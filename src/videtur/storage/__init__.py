"""Where bytes live: object store, OCFL objects, BagIt packages."""
