"""What runs inside the sandbox. Nothing here imports NumPy, so that starting the child stays cheap."""
