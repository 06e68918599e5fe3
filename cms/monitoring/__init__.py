"""What an operator watches: figures for Prometheus, and errors for Sentry without anything personal."""
