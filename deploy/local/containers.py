"""RabbitMQ in a container, where a Docker engine answers and no rabbitmq-server can be had."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Any

from deploy.local.processes import Noted
from deploy.local.rabbitmq import RabbitMQFailed

IMAGE = "rabbitmq:3-management"
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
    process: Noted = NO_PROCESS

    def alive(self) -> bool:
        self.container.get_wrapped_container().reload()
        return bool(self.container.get_wrapped_container().status == "running")

    def stop(self) -> None:
        self.container.stop()


def start_container() -> ContainerBroker:
    """Start the broker and wait until it answers; RabbitMQFailed when it does not."""
    from docker.errors import DockerException
    from testcontainers.rabbitmq import RabbitMqContainer

    container = RabbitMqContainer(IMAGE)
    try:
        container.start()
    except (DockerException, TimeoutError) as error:
        raise RabbitMQFailed(f"RabbitMQ's container did not start: {error}") from error
    address = f"{container.get_container_host_ip()}:{container.get_exposed_port(container.port)}"
    url = f"amqp://{container.username}:{container.password}@{address}/%2F"
    return ContainerBroker(container, url)
