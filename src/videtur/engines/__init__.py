"""Pure computation: bytes, frames and text in, frozen values out."""
