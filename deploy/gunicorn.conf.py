"""How gunicorn serves the site behind nginx: `gunicorn --config deploy/gunicorn.conf.py peaceops.wsgi`."""

import os
import shutil
import tempfile

bind = os.environ.get("PEACEOPS_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("PEACEOPS_WORKERS", "2"))
threads = int(os.environ.get("PEACEOPS_THREADS", "4"))
worker_class = "gthread"
control_socket_disable = True  # else it opens one in the home directory of its user
forwarded_allow_ips = os.environ.get("PEACEOPS_PROXIES", "127.0.0.1")  # whose X-Forwarded-Proto is believed

timeout = 60  # seconds in which a worker must show a sign of life; an import of 10,000 rows takes less
graceful_timeout = 30
keepalive = 20  # longer than nginx keeps idle connections to here
backlog = 256
max_requests, max_requests_jitter = 10_000, 1_000  # a worker that leaked memory would not do so for ever
limit_request_line, limit_request_fields, limit_request_field_size = 8190, 60, 8190
preload_app = False  # a worker opens its own connections

accesslog = None  # the application writes one line a request, without personal data
errorlog = "-"
loglevel = "warning"

if os.environ.get("PEACEOPS_METRICS") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="peaceops-metrics-")


def child_exit(server, worker):
    """Drop what a worker that ended had in use; what it counted stays."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess  # not needed, and slow to load, where nothing is measured

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    directory = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if "peaceops-metrics-" in directory:
        shutil.rmtree(directory, ignore_errors=True)
