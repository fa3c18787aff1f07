"""SQLite: migrations, writing, reading, search, verification. The only folder that talks SQL."""
