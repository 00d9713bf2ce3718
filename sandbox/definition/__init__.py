"""Reading what callers define (envelopes, templates, documents, recipients, tabs) into rows, as strict as Docusign."""
