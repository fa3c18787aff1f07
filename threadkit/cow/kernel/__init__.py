"""The engine: what kernels do to page tables, pages and references, step by step."""
