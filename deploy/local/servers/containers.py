"""RabbitMQ in a container, where a Docker engine answers and no rabbitmq-server can be had."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Any

from deploy.local.machine.processes import Noted, wait_until
from deploy.local.servers.management import Management
from deploy.local.servers.rabbitmq import RabbitMQFailed

IMAGE = "rabbitmq:3-management"
MANAGEMENT_PORT = 15672
MANAGEMENT_SECONDS = 30
NO_PROCESS = Noted(0, -1)


def engine_answers() -> bool:
    """True when a Docker engine answers on this machine."""
    if not (
        os.environ.get("DOCKER_HOST") or shutil.which("docker") or os.path.exists("/var/run/docker.sock")
    ):
        return False
    try:
        import docker
        from docker.errors import DockerException
    except ImportError:
        return False
    try:
        return bool(docker.from_env(timeout=5).ping())
    except DockerException:
        return False


@dataclass
class ContainerBroker:
    """A running container. It has no process of ours, so `process` is never alive."""

    container: Any
    amqp_url: str
    management: Management
    process: Noted = NO_PROCESS

    def alive(self) -> bool:
        from docker.errors import DockerException

        wrapped = self.container.get_wrapped_container()
        try:
            wrapped.reload()
        except (DockerException, OSError):
            return False  # removed, or its engine is gone
        return bool(wrapped.status == "running")

    def stop(self) -> None:
        self.container.stop()


def start_container() -> ContainerBroker:
    """Start the broker and wait until it answers; RabbitMQFailed when it does not."""
    from docker.errors import DockerException
    from testcontainers.community.rabbitmq import RabbitMqContainer
    from testcontainers.core.exceptions import ContainerConnectException, ContainerStartException

    try:
        container = RabbitMqContainer(IMAGE).with_exposed_ports(MANAGEMENT_PORT)
        container.start()
    except (DockerException, OSError, ContainerStartException, ContainerConnectException) as error:
        raise RabbitMQFailed(f"RabbitMQ's container did not start: {error}") from error
    host = container.get_container_host_ip()
    address = f"{host}:{container.get_exposed_port(container.port)}"
    port = int(container.get_exposed_port(MANAGEMENT_PORT))
    management = Management(port, container.username, container.password, host)
    url = f"amqp://{container.username}:{container.password}@{address}/%2F"
    if not wait_until(lambda: management.answers(container.port), MANAGEMENT_SECONDS, 0.2):
        container.stop()
        raise RabbitMQFailed("RabbitMQ's container does not answer on its management port.")
    return ContainerBroker(container, url, management)
