"""Settings of gunicorn, which reads this file by itself: `gunicorn cms.wsgi`. Workers: WEB_CONCURRENCY."""

# The site is loaded before the workers are made: a wrong variable ends the server with status 1 and one sentence
# (else gunicorn starts workers for ever), and the workers share the memory of the code.
preload_app = True

# Addresses with tokens must not reach a log; the proxy in front writes the access log without them.
accesslog = None

# Nobody uses the control interface, and its default place is the home directory, which a container may lack.
control_socket_disable = True

# A sync worker gives no sign of life while it sends, so the default of 30 seconds cuts off every download that takes
# longer: at 50 Mbit/s that is a file of 180 MB. Behind nginx, which takes an answer at once, it is never needed.
timeout = 1800
