"""The console: the sandbox's inside for people, at /console/."""
