"""Media: probing, decoding in one pass, time codes, and the sandboxed child every decoder runs in."""
