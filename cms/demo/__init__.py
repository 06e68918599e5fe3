"""The demo: starts every process of the site on one machine and runs the whole main job once (`make demo`)."""
