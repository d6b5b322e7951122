"""The program: its options, its one line, its end."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from zoom_driver import Receiver


def run(*options):
    command = [sys.executable, "-m", "zoom_simulator", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def get(url):
    with httpx2.Client(trust_env=False, verify=False) as client:
        return client.get(url)


@pytest.fixture
def start():
    started = []

    def start(*options):
        process = run("--port", "0", *options)
        started.append(process)
        return process, process.stdout.readline().removeprefix("zoom-simulator ready on ").strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_it_says_one_line_when_ready_and_stops_at_once(start):
    process, url = start()
    assert get(url).status_code == 200

    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=60)

    assert process.returncode == 0
    assert (output, errors) == ("", "")


def test_it_stops_even_while_a_call_is_kept_waiting(start):
    process, url = start()
    with httpx2.Client(base_url=url, trust_env=False, verify=False) as client:
        client.post("/_sim/faults", json={"kind": "token_timeout", "seconds": 60})
        with pytest.raises(httpx2.ReadTimeout):
            client.post("/oauth/token", auth=("visavis-demo", "visavis-demo-secret"), timeout=0.2)

    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=30)

    assert process.returncode == 0
    assert output == ("", "")


def test_a_port_in_use_is_one_clear_line(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        process = run("--port", str(port))
        output, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert output == ""
    assert errors == f"zoom-simulator: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_the_first_app_can_be_told_by_options(start):
    _, url = start(
        "--client-id",
        "mine",
        "--client-secret",
        "s",
        "--redirect-uri",
        "https://one.example/cb",
        "--redirect-uri",
        "https://two.example/cb",
    )

    app = get(f"{url}/_sim/apps").json()["apps"][0]

    assert (app["client_id"], app["client_secret"]) == ("mine", "s")
    assert app["redirect_uris"] == ["https://one.example/cb", "https://two.example/cb"]


def test_a_webhook_address_is_challenged_as_soon_as_it_answers(start):
    receiver = Receiver()
    _, url = start("--webhook-url", receiver.url)

    deadline = time.monotonic() + 30
    while not receiver.challenges and time.monotonic() < deadline:
        time.sleep(0.01)

    app = get(f"{url}/_sim/apps").json()["apps"][0]
    assert receiver.challenges == 1
    assert app["event_url"] == app["deauthorization_url"] == receiver.url
    receiver.close()


def test_a_base_url_is_used_in_links(start):
    _, url = start("--base-url", "https://zoom.example")

    page = get(url)

    assert "https://zoom.example/oauth/authorize" in page.text


def test_a_seed_file_replaces_the_demo(start, tmp_path):
    seed = tmp_path / "seed.json"
    account = {"name": "Mine", "users": [{"email": "me@example.com", "role": "owner"}]}
    seed.write_text(json.dumps({"accounts": [account]}))

    _, url = start("--seed", str(seed))

    assert [one["email"] for one in get(f"{url}/_sim/users").json()["users"]] == ["me@example.com"]


@pytest.mark.parametrize("text", ["{", '{"weather": 1}'])
def test_a_seed_which_is_not_understood_is_one_clear_line(tmp_path, text):
    seed = tmp_path / "seed.json"
    seed.write_text(text)

    process = run("--port", "0", "--seed", str(seed))
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert errors.startswith("zoom-simulator: ")
    assert errors.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux")
def test_starting_takes_less_than_a_second_of_work(start):
    process, _ = start()

    # Time of the processor, not of the wall: other work on the machine is no fault of ours.
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    assert ticks / os.sysconf("SC_CLK_TCK") < 1


def test_starting_and_stopping_takes_less_than_two_seconds_of_work(start):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process, _ = start()
    process.terminate()
    process.communicate(timeout=60)

    # Time of the processor, not of the wall: other work on the machine is no fault of ours.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
