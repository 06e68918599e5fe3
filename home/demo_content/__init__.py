"""The words and figures of the demo site. Facts come from published reports about the project; sentences are ours."""
