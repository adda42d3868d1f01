"""The archive of trusted articles: records are read, kept, indexed, and found again by a suspect's words."""
