"""How the database comes to have its tables (Alembic)."""
