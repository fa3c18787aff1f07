"""What a commit is: its object, its patch, its releases. Pure: no file, no process, no network."""
