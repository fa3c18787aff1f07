"""The same scenario on a real kernel: kernels to boot, and what they were seen to do."""
