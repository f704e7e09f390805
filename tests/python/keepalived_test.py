"""Connections through a failover, in the scenarios of keepalived: reset without a shared table,
alive with one, and alive by themselves with sloppy TCP and a hash of the client's address."""

import json

import pytest

@pytest.fixture
def run(lbsim, root):
    def result(name, *settings, duration="60s"):
        options = [option for setting in settings for option in ("--set", setting)]
        small = ("--pv", "3M", "--duration", duration, "--quiet", "--json", "-")
        scenario = root / "scenarios" / f"{name}.toml"
        return json.loads(lbsim("run", scenario, *small, *options, code=0).stdout)

    return result


def lost(result):
    return result["requests"]["failed"].get("connection_lost", 0)


def when(result, what, node):
    return [event["at_s"] for event in result["events"]
            if event["what"] == what and event["node"] == node]


def test_connections_survive_a_failover_with_sync_and_are_reset_without(run):
    before_proxy_stops = "39s"
    synced = run("keepalived-failover", duration=before_proxy_stops)
    assert lost(synced) <= 12  # of three take-overs: those that had their handshake and no request
    alone = run("keepalived-failover", "vip.sync=false", duration=before_proxy_stops)
    assert lost(alone) > 20 * lost(synced) + 100


def test_connections_survive_by_themselves_with_sloppy_tcp_and_a_hash(run):
    assert lost(run("keepalived-sloppy-tcp")) == 0
    assert lost(run("keepalived-sloppy-tcp", "vip.scheduler=sh")) == 0
    assert lost(run("keepalived-sloppy-tcp", "vip.sloppy_tcp=false")) > 100
    assert lost(run("keepalived-sloppy-tcp", "vip.scheduler=rr")) > 50


def test_a_killed_keepalived_leaves_the_address_on_both(run):
    result = run("keepalived-failover")
    takes = when(result, "takes the virtual address", "vip.2")
    assert len(takes) == 2
    assert takes[0] == pytest.approx(10 + 166 / 256)  # after the stop
    assert 32.6 < takes[1] < 33.7  # after the kill
    assert len(when(result, "drops the virtual address", "vip.1")) == 1  # at the stop


def test_an_http_check_takes_a_stopped_proxy_out_and_puts_it_back(run):
    result = run("keepalived-failover")
    assert 41 < when(result, "vip takes out", "proxies.3")[0] < 43
    assert 52 < when(result, "vip puts back", "proxies.3")[0] < 54


def test_a_split_brain_resets_connections_when_it_begins(run):
    result = run("keepalived-split-brain")
    takes = when(result, "takes the virtual address", "vip.2")[0]
    assert 12.6 < takes < 13.7
    assert when(result, "drops the virtual address", "vip.1") == []
    assert lost(result) > 100


def test_whose_advertisement_ends_a_split_brain_decides_when_clients_are_heard(run):
    at_once = run("keepalived-split-brain", "fault.0.lasts=20s")
    assert 30 < when(at_once, "drops the virtual address", "vip.2")[0] < 31
    assert when(at_once, "hears the virtual address again", "vip.1") == when(
        at_once, "drops the virtual address", "vip.2")
    assert at_once["requests"]["failed"]["timeout"] == 0
    late = run("keepalived-split-brain")
    drops = when(late, "drops the virtual address", "vip.2")[0]
    assert 30.6 < drops < 31.6
    assert when(late, "hears the virtual address again", "vip.1") == [pytest.approx(drops + 23)]
    assert late["requests"]["failed"]["timeout"] > 100
