"""What is kept, for how long, for whom: retention, legal hold, purges at Docusign, and what people may ask for."""
