"""The supervisor: brings a stack up, keeps every process of it running, and ends it in order.

`python -m deploy.local.stack PORT` runs it in the foreground; PORT 0 means 8000 or, when that is
taken, a free one.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deploy.local.home import PROJECT, Notes, StackFailed, forget, myself, read_notes, secrets_of, stack_home
from deploy.local.keeper import Child, Keeper, Running
from deploy.local.leftovers import end_leftovers
from deploy.local.machine.ports import free_port, is_free
from deploy.local.plan import Planned, environment, plan_ports, planned, urls_of_roles
from deploy.local.probe import answers_ready
from deploy.local.servers import backing, proxy
from deploy.local.servers.postgres import Postgres, PostgresFailed
from deploy.local.servers.rabbitmq import RabbitMQFailed, RabbitMQMissing
from deploy.ops.broker import FINANCE, BrokerNotPrepared, consumer_names, user_urls
from deploy.secrets import folder as secret_files

USUAL_PORT = 8000
READY_SECONDS = 120
# RabbitMQ 3.10 writes the names of new quorum queues down twice a second: a broker killed before that
# forgets them, so nobody is told "ready" earlier.
SETTLE_SECONDS = 1.0
FAILURES = (PostgresFailed, RabbitMQFailed, RabbitMQMissing)
# workers before RPC, so that what was asked last is still answered; the portal, which asks, and the proxy before it, first;
# who chains what they told after all of them
STOP_ORDER = ("proxy", "portal", "-worker", "-rpc", "-appender", "broker", "database")


class Stack:
    """One stack, from `up` to `down`."""

    def __init__(self, home: Path, port: int, say: Callable[[str], None]) -> None:
        self.home, self.port, self.say = home, port, say
        self.notes = Notes(myself())
        self.secrets = secrets_of(home)
        self.passwords = secret_files.passwords_in(self.secrets)
        self.keepers: dict[str, Keeper] = {}
        self.stopping = threading.Event()
        self._noting = threading.RLock()

    def up(self) -> None:
        """Start all, and wait until all are ready (or a stop is asked for). Raises StackFailed."""
        (self.home / "logs").mkdir(exist_ok=True)
        (self.home / "objects").mkdir(mode=0o700, exist_ok=True)
        self._make_secrets()
        self.notes.objects_url = f"file://{self.home}/objects"
        self.notes.write(self.home)
        try:
            starter = None if backing.given_broker() else backing.broker_starter(self.home, self.passwords)
            broker = _Later(starter) if starter else None
            self._database()
            self._migrate()
            self._broker(broker)
        except FAILURES as error:
            raise StackFailed(str(error)) from error
        port = self._portal_port()
        program = proxy.find_program()
        plan_ports(self.home, self.notes, port, has_proxy=program is not None)
        for process in planned():
            self._keep(process.name, partial(self._start, process))
        if program is not None:
            log = self.home / "logs" / "proxy.log"
            self._keep("proxy", partial(proxy.start_proxy, program, port, self.notes.pages_port, log))
        self._await_ready()

    def _make_secrets(self) -> None:
        """Random ones, one for each process, made with the home and kept. Raises StackFailed."""
        try:
            consumers = consumer_names()
        except BrokerNotPrepared as error:
            raise StackFailed(str(error)) from error
        secret_files.adopt(self.home, self.secrets)
        secret_files.make(self.secrets, consumers, with_administrators=False)

    def is_ready(self) -> None:
        with self._noting:
            self.notes.ready = True
            self.notes.write(self.home)

    def down(self) -> None:
        """End all that was started, in order."""
        for part in STOP_ORDER:
            keepers = [keeper for name, keeper in self.keepers.items() if name.endswith(part)]
            for keeper in keepers:
                keeper.ask_to_stop()
            for keeper in keepers:
                keeper.join()

    def _database(self) -> None:
        given = backing.given_database()
        if given:
            self._use_database(given)
            self.notes.given.append("database")
            return
        server = backing.start_database(self.home)
        self._use_database(backing.database_url(server))
        self._keep("database", partial(backing.start_database, self.home), server)

    def _broker(self, later: _Later | None) -> None:
        given = backing.given_broker()
        if later is None:
            self.notes.amqp_url = str(given)
            self.notes.given.append("broker")
            return
        server = later.result()
        self._use_broker(server.amqp_url)
        self._keep("broker", later.start, server)

    def _use_database(self, admin_url: str) -> None:
        self.notes.admin_url = admin_url
        self.notes.role_urls = urls_of_roles(admin_url, self.passwords)
        self.notes.reader_url = self.notes.role_urls["caretally_reader"]

    def _use_broker(self, amqp_url: str) -> None:
        self.notes.amqp_url = amqp_url
        self.notes.amqp_urls = user_urls(amqp_url, self.passwords)
        self.notes.consumer_amqp_url = self.notes.amqp_urls.get(FINANCE, "")

    def _read_passwords(self) -> None:
        """They may have been rotated since they were noted."""
        database, broker = self.keepers.get("database"), self.keepers.get("broker")
        if database is not None and isinstance(database.running, Postgres):
            self._use_database(backing.database_url(database.running))
        elif self.notes.admin_url:
            self._use_database(self.notes.admin_url)
        if broker is not None and broker.running is not None and self.notes.amqp_url:
            self._use_broker(broker.running.amqp_url)  # type: ignore[attr-defined]

    def _migrate(self) -> None:
        env = {
            **{name: one for name, one in os.environ.items() if not name.startswith("DATABASE_ADMIN_")},
            "DATABASE_ADMIN_URL": self.notes.admin_url,
            secret_files.VARIABLE: str(self.secrets),
        }
        log = self.home / "logs" / "migrate.log"
        command = [sys.executable, "-m", "deploy.ops.run", "migrate"]
        with log.open("ab") as out:
            done = subprocess.run(command, check=False, env=env, cwd=PROJECT, stdout=out, stderr=out)
        if done.returncode:
            raise StackFailed(f"The database could not be prepared: see {log}.")

    def _portal_port(self) -> int:
        if self.port:
            if not is_free(self.port):
                raise StackFailed(f"Port {self.port} is taken: give another one with --port.")
            return self.port
        return USUAL_PORT if is_free(USUAL_PORT) else free_port()

    def _start(self, process: Planned) -> Running:
        log = self.home / "logs" / f"{process.name}.log"
        with self._noting:
            env = environment(process, self.notes)
        return Child(process.command(), env, log)

    def _keep(self, name: str, start: Callable[[], Running], running: Running | None = None) -> None:
        keeper = Keeper(name, start, self._started, self.say, FAILURES, running)
        self.keepers[name] = keeper
        if running is not None:
            self._started(name, running)
        keeper.start()

    def _started(self, name: str, running: Running) -> None:
        """Note it; when database or broker came back at another address, all processes learn it."""
        with self._noting:
            before = self._places()
            if isinstance(running, Postgres):
                self._use_database(backing.database_url(running))
            elif not isinstance(running, Child):
                self._use_broker(running.amqp_url)  # type: ignore[attr-defined]
            self._read_passwords()
            self.notes.processes[name] = running.process
            self.notes.write(self.home)
            moved = before != self._places()
        if moved:
            for process in planned():
                if process.name in self.keepers:
                    self.keepers[process.name].begin_again()

    def _places(self) -> list[str]:
        """Where database and broker are; who comes there with which password is another thing."""
        return [url.rpartition("@")[2] for url in (self.notes.admin_url, self.notes.amqp_url)]

    def _await_ready(self) -> None:
        waiting = dict(self.notes.health_urls)
        for _ in range(READY_SECONDS * 5):
            waiting = {name: url for name, url in waiting.items() if not answers_ready(url)}
            if not waiting or self.stopping.wait(0.2):
                self.stopping.wait(SETTLE_SECONDS)
                return
        names = ", ".join(sorted(waiting))
        raise StackFailed(
            f"Not ready after {READY_SECONDS} s: {names}. See the logs in {self.home / 'logs'}."
        )


class _Later:
    """Starts the broker beside the database: it takes seconds, and neither needs the other."""

    def __init__(self, start: Callable[[], backing.Broker]) -> None:
        self.start = start
        self._found: list[backing.Broker | Exception] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> backing.Broker:
        self._thread.join()
        found = self._found[0]
        if isinstance(found, Exception):
            raise found
        return found

    def _run(self) -> None:
        try:
            self._found.append(self.start())
        except (*FAILURES, OSError) as error:
            self._found.append(error)


@contextmanager
def only_one(home: Path) -> Iterator[bool]:
    """Hold the home's lock: False when another supervisor holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def supervise(port: int, say: Callable[[str], None]) -> int:
    """Bring the stack of this home up and keep it up until SIGTERM or SIGINT; the exit status."""
    home = stack_home()
    with only_one(home) as ours:
        if not ours:
            say("Caretally is already up here.")
            return 0
        end_leftovers(home, read_notes(home))
        stack = Stack(home, port, say)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stack.stopping.set())
        try:
            stack.up()
            if not stack.stopping.is_set():
                stack.is_ready()
                say(f"Caretally is up: {stack.notes.portal_url}")
            stack.stopping.wait()
        except StackFailed as failed:
            print(failed, file=sys.stderr, flush=True)
            return 1
        finally:
            stack.down()
            end_leftovers(home, read_notes(home))
            forget(home)
        say("Caretally is down.")
    return 0


if __name__ == "__main__":
    sys.exit(supervise(int(sys.argv[1]), partial(print, flush=True)))
