"""The service: HTTP in front of a detector, an archive, jobs and the cases that moderators decide."""
