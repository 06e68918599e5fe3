"""One mail to each coordinator, once: a protocol was released, the documents of an edition are complete."""
