"""A private RabbitMQ node from the machine's rabbitmq-server; no system service is touched.

It has its own HOME (and Erlang cookie), node name, ports, data, port mapper and password, and
listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.machine.ports import kept_ports
from deploy.local.machine.private import kept_secret, read_json, write_private
from deploy.local.machine.processes import Noted, end, end_all_in, spawn, wait_until
from deploy.local.servers.management import Management

USER = "caretally"
START_SECONDS = 120
PORTS = ("amqp", "management", "distribution", "mapper")


class RabbitMQMissing(Exception):
    """No rabbitmq-server on this machine."""


class RabbitMQFailed(Exception):
    """RabbitMQ could not be started; the message says where its log is."""


@dataclass
class RabbitMQ:
    """A running node. `amqp_url` is its default vhost's."""

    home: Path
    ports: dict[str, int]
    process: Noted
    mapper: Noted

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def amqp_url(self) -> str:
        return f"{self._authority()}/%2F"

    @property
    def management(self) -> Management:
        """The node's own HTTP interface: vhosts, queues."""
        return Management(self.ports["management"], USER, self._password())

    def add_vhost(self, name: str) -> str:
        """Make a vhost of a plain name; its AMQP URL."""
        self.management.add_vhost(name)
        return f"{self._authority()}/{name}"

    def delete_vhost(self, name: str) -> None:
        self.management.delete_vhost(name)

    def control(self, *arguments: str) -> None:
        """Have RabbitMQ's own control program do something on this node. Raises subprocess.CalledProcessError."""
        script = find_server()
        assert script is not None, "it runs, so it is installed"
        command = [str(script.parent / "rabbitmqctl"), *arguments]
        subprocess.run(
            command, env=_environment(self.home, self.ports), check=True, capture_output=True, timeout=60
        )

    def alive(self) -> bool:
        return self.process.alive()

    def stop(self) -> None:
        """End node, port mapper and their children; harmless when they have ended."""
        if self.alive():
            _spare_its_last_wait(self)
        end(self.process, signal.SIGTERM, 30)
        end(self.mapper, signal.SIGTERM, 5)
        end_all_in(self.home)
        (self.home / "server.json").unlink(missing_ok=True)

    def _password(self) -> str:
        return kept_secret(self.home / "password")

    def _authority(self) -> str:
        return f"amqp://{USER}:{self._password()}@127.0.0.1:{self.ports['amqp']}"


def find_server() -> Path | None:
    """RabbitMQ's own start script; None when it is not installed.

    Debian's /usr/sbin/rabbitmq-server is passed over: it serves root and the user rabbitmq alone,
    and changes to that user.
    """
    for folder in ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin"):
        script = Path(folder) / "rabbitmq-server"
        if script.exists():
            return script
    found = shutil.which("rabbitmq-server")
    if found is None:
        return None
    script = Path(found).resolve()
    return script if (script.parent / "rabbitmq-env").exists() else None


def start_rabbitmq(home: Path) -> RabbitMQ:
    """Start a node on the data in `home` (made when missing) and wait until it takes connections.

    Ends first what a crash left running on this home. Password and, while they are free, ports
    stay the same. Raises RabbitMQMissing or RabbitMQFailed.
    """
    script = find_server()
    if script is None:
        raise RabbitMQMissing("rabbitmq-server is not installed")
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    left = noted_rabbitmq(home)
    if left is not None:
        left.stop()
    ports = kept_ports(home / "ports.json", PORTS)
    env = _environment(home, ports)
    _write_settings(home, ports)
    log = home / "console.log"
    # in the foreground: a port mapper that the node starts would be nobody's child
    mapper = spawn(["epmd", "-port", str(ports["mapper"]), "-address", "127.0.0.1"], log, env=env, cwd=home)
    server = RabbitMQ(home, ports, spawn([script], log, env=env, cwd=home), mapper)
    write_private(home / "server.json", _noted_text(server))
    ready = wait_until(
        lambda: not server.alive() or server.management.answers(ports["amqp"]), START_SECONDS, 0.2
    )
    if not ready or not server.alive():
        server.stop()
        raise RabbitMQFailed(f"RabbitMQ did not start; see {home / 'console.log'} and {home / 'log'}")
    return server


def running_rabbitmq(home: Path) -> RabbitMQ | None:
    """The node that was started on this home, by whichever process; None when it does not run."""
    server = noted_rabbitmq(home)
    return server if server is not None and server.alive() else None


def noted_rabbitmq(home: Path) -> RabbitMQ | None:
    """The node that was started on this home last, be it alive or not; None after a stop."""
    home = home.resolve()
    noted = read_json(home / "server.json")
    if noted is None:
        return None
    return RabbitMQ(home, noted["ports"], Noted(**noted["process"]), Noted(**noted["mapper"]))


def _spare_its_last_wait(server: RabbitMQ) -> None:
    """Take off the management's listener to events. At the node's end it would ask the one process that is busy
    with ending, and wait 5 s for its answer (RabbitMQ 3.10). Without Erlang's erl_call it just takes that long."""
    env = _environment(server.home, server.ports)
    listener = "gen_event delete_handler [rabbit_event, rabbit_mgmt_db_handler, []]"
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            ["erl_call", "-sname", env["RABBITMQ_NODENAME"], "-a", listener],
            env=env,
            check=False,
            capture_output=True,
            timeout=5,
        )


def _noted_text(server: RabbitMQ) -> str:
    processes = {"process": asdict(server.process), "mapper": asdict(server.mapper)}
    return json.dumps({"ports": server.ports, **processes})


# Erlang's schedulers spin while they wait for work; the processors are wanted by others meanwhile.
NO_BUSY_WAIT = "+sbwt none +sbwtdcpu none +sbwtdio none"


def _environment(home: Path, ports: dict[str, int]) -> dict[str, str]:
    """RabbitMQ's variables, over the caller's without any RABBITMQ_ or ERL_ of its own."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
    settings = home / "settings"
    env.update(
        HOME=str(home),
        # the script then becomes the node itself, so that the child's number is the node's
        RUNNING_UNDER_SYSTEMD="true",
        RABBITMQ_NODENAME=f"caretally{hashlib.sha256(str(home).encode()).hexdigest()[:12]}@localhost",
        RABBITMQ_DIST_PORT=str(ports["distribution"]),
        RABBITMQ_MNESIA_BASE=str(home / "data"),
        RABBITMQ_LOG_BASE=str(home / "log"),
        RABBITMQ_CONFIG_FILE=str(settings / "rabbitmq.conf"),
        RABBITMQ_ADVANCED_CONFIG_FILE=str(settings / "advanced.config"),
        RABBITMQ_CONF_ENV_FILE=str(settings / "rabbitmq-env.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE=str(settings / "enabled_plugins"),
        RABBITMQ_GENERATED_CONFIG_DIR=str(settings / "generated"),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=f"-kernel inet_dist_use_interface {{127,0,0,1}} {NO_BUSY_WAIT}",
        ERL_EPMD_PORT=str(ports["mapper"]),
        ERL_EPMD_ADDRESS="127.0.0.1",
        ERL_INETRC=str(settings / "inetrc"),
        ERL_CRASH_DUMP_BYTES="0",
    )
    env.pop("NOTIFY_SOCKET", None)
    return env


def _write_settings(home: Path, ports: dict[str, int]) -> None:
    settings = home / "settings"
    settings.mkdir(mode=0o700, exist_ok=True)
    lines = {
        "listeners.tcp.local": f"127.0.0.1:{ports['amqp']}",
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": str(ports["management"]),
        # figures of every queue and connection cost time, and nobody looks at them here
        "management_agent.disable_metrics_collector": "true",
        "default_user": USER,
        "default_pass": kept_secret(home / "password"),
        "log.file.level": "info",
        "log.console": "false",
    }
    write_private(settings / "rabbitmq.conf", "".join(f"{key} = {value}\n" for key, value in lines.items()))
    write_private(settings / "advanced.config", "[].\n")
    write_private(settings / "rabbitmq-env.conf", "")
    write_private(settings / "enabled_plugins", "[rabbitmq_management].\n")
    # the node's name must resolve to this address, whatever the machine's own tables say
    write_private(settings / "inetrc", '{lookup, [file, native]}.\n{host, {127,0,0,1}, ["localhost"]}.\n')
