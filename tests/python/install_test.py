"""Another project builds against the installed package lbsim and picks servers with it."""

import subprocess

import pytest

CMAKE = """\
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(lbsim 0.1 REQUIRED)
add_executable(consumer consumer.cpp)
target_link_libraries(consumer PRIVATE lbsim::algorithms)
"""

# 400 picks over servers weighted 1:2:1: smooth weighted round robin gives each its exact share.
CONSUMER = """\
#include <cstdio>

#include "algorithms/algorithm.hpp"

int main() {
  using namespace lbsim;
  using namespace lbsim::algorithms;
  PoolConfig config;
  for (const int weight : {1, 2, 1}) {
    ServerConfig server;
    server.weight = weight;
    config.servers.push_back(server);
  }
  const auto pool = find_algorithm("nginx", "round_robin")->make(config);
  int picks[3] = {};
  for (int i = 0; i < 400; ++i) {
    Attempt attempt;
    if (pool->begin(Request{}, attempt, kTimeZero) != Pick::server) return 1;
    ++picks[attempt.server];
    pool->end(attempt, Result::ok, kTimeZero);
  }
  std::printf("%d %d %d\\n", picks[0], picks[1], picks[2]);
}
"""


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(build, tmp_path_factory):
    place = tmp_path_factory.mktemp("installed here")
    run("cmake", "--install", build, "--prefix", place)
    return place


def test_installed_program_says_its_version(prefix):
    assert run(prefix / "bin" / "lbsim", "--version").startswith("lbsim 0.")


def test_scenarios_are_installed(prefix):
    assert list((prefix / "share" / "lbsim" / "scenarios").glob("*.toml"))


def test_a_consumer_picks_with_the_installed_library(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(CMAKE)
    (tmp_path / "consumer.cpp").write_text(CONSUMER)
    build = tmp_path / "build"
    run("cmake", "-S", tmp_path, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    assert run(build / "consumer") == "100 200 100\n"
