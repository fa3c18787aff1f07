"""An executable model of Linux copy-on-write, and its witnesses."""
