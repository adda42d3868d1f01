"""The changes to the database, one after another."""
