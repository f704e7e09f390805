"""--plugin: algorithms of one's own, built against the installed headers and nothing else."""

import json
import shutil
import subprocess

import pytest

ANOTHER = """\
#include <stdexcept>

#include "algorithms/plugin.hpp"
using namespace lbsim::algorithms;
LBSIM_PLUGIN(plugin) {{ {body} }}
"""


@pytest.fixture(scope="module")
def headers(build, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("installed")
    command = ["cmake", "--install", build, "--prefix", prefix]
    subprocess.run(command, check=True, capture_output=True)
    return prefix / "include" / "lbsim"


def compiled(headers, source, target, *options):
    command = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *options]
    command += ["-I", headers, source, "-o", target]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def plugin(root, headers, tmp_path_factory):
    place = tmp_path_factory.mktemp("plugins")
    return compiled(headers, root / "tests" / "plugin" / "my_round_robin.cpp", place / "mine.so")


@pytest.fixture
def scenario(root, tmp_path):
    """scenarios/nginx.toml with a balancer of any method in the place of nginx."""
    shutil.copytree(root / "scenarios" / "parts", tmp_path / "parts")
    text = (root / "scenarios" / "nginx.toml").read_text()

    def write(method):
        changed = text.replace('kind = "nginx"', 'kind = "balancer"')
        changed = changed.replace('method = "round_robin"', f'method = "{method}"')
        path = tmp_path / f"{method.replace('/', '_')}.toml"
        path.write_text(changed.replace("worker_connections", "maxconn"))
        return path

    return write


def result_of(lbsim, *arguments):
    done = lbsim("run", *arguments, "--duration", "3s", "--json", "-", code=0)
    return json.loads(done.stdout)


def test_the_algorithm_of_contributing_picks_as_the_built_in(lbsim, plugin, scenario):
    own = result_of(lbsim, scenario("mine/round_robin"), "--plugin", plugin)
    built_in = result_of(lbsim, scenario("nginx/round_robin"))
    other = result_of(lbsim, scenario("nginx/least_conn"))
    assert own["pick_digest"] == built_in["pick_digest"] != other["pick_digest"]
    assert own["pools"][0]["picks"] == built_in["pools"][0]["picks"]
    assert own["pools"][0]["algorithm"] == "mine round_robin"


def test_contributing_shows_that_very_file(root, plugin):
    example = (root / "tests" / "plugin" / "my_round_robin.cpp").read_text()
    assert example in (root / "CONTRIBUTING.md").read_text()


def test_check_compare_and_algorithms_know_it_too(lbsim, plugin, scenario):
    path = scenario("mine/round_robin")
    lbsim("check", path, "--plugin", plugin, code=0)
    lbsim("compare", path, scenario("nginx/round_robin"), "--plugin", plugin, "--duration", "5s",
          code=0)
    listed = json.loads(lbsim("algorithms", "--json", "--plugin", plugin, code=0).stdout)
    assert listed["algorithms"][-1]["family"] == "mine"


def test_fairness_measures_it_as_fair_as_the_built_in(lbsim, plugin, tmp_path):
    lbsim("fairness", "mine", "--plugin", plugin, "--baseline", "own.json", "--update", code=0)
    lbsim("fairness", "mine", "--plugin", plugin, "--baseline", "own.json", code=0)
    own = json.loads((tmp_path / "own.json").read_text())["algorithms"]["mine/round_robin"]
    out = lbsim("fairness", "nginx/round_robin", "--json", "-", code=0).stdout
    rows = {(row["pool"], row["metric"]): row["value"] for row in json.loads(out)["results"]}
    for metric in ("share_error", "jain", "longest_run", "burstiness"):
        assert own["weighted-16"][metric] == pytest.approx(rows["weighted-16", metric])
    assert "there is no algorithm or family mine" in lbsim("fairness", "mine", code=2).stderr


def test_without_the_plugin_its_method_is_unknown(lbsim, scenario):
    done = lbsim("run", scenario("mine/round_robin"), code=2)
    assert "proxies.method" in done.stderr and not done.stdout


@pytest.mark.parametrize(
    "body, message",
    [
        ('throw std::runtime_error("no luck");', "failed: no luck"),
        ("throw 1;", "failed with an exception that is no std::exception"),
        ("(void)plugin;", "adds no algorithm"),
        ('plugin.add(*find_algorithm("nginx", "hash"));', "nginx/hash is the name of another"),
        ('plugin.add({"mine", "a b", "s", "s", {}, nullptr});', "mine/a b is no name"),
        ('plugin.add({"mine", "a", "s", "s", {}, nullptr});', "has nothing that makes a pool"),
    ],
)
def test_what_a_plugin_does_wrong_is_said(lbsim, headers, tmp_path, body, message):
    source = tmp_path / "wrong.cpp"
    source.write_text(ANOTHER.format(body=body))
    wrong = compiled(headers, source, tmp_path / "wrong.so", "-Wno-unused-parameter")
    done = lbsim("algorithms", "--plugin", wrong, code=2)
    assert message in done.stderr and f"--plugin {wrong}" in done.stderr and not done.stdout


@pytest.mark.parametrize(
    "source, message",
    [
        ("int nothing = 0;", "is no plugin: it has no LBSIM_PLUGIN"),
        ('extern "C" unsigned long lbsim_plugin_abi() { return 7; }\n'
         'extern "C" void lbsim_plugin(void*) {}', "was built for another version of lbsim"),
    ],
)
def test_what_is_no_plugin_of_this_version_is_not_called(lbsim, headers, tmp_path, source, message):
    (tmp_path / "other.cpp").write_text(source)
    other = compiled(headers, tmp_path / "other.cpp", tmp_path / "other.so")
    assert message in lbsim("algorithms", "--plugin", other, code=2).stderr


def test_a_file_that_is_not_there_or_no_shared_object_is_named(lbsim, tmp_path):
    missing = lbsim("algorithms", "--plugin", tmp_path / "none.so", code=2)
    assert "there is no such file" in missing.stderr
    (tmp_path / "text.so").write_text("text")
    text = lbsim("algorithms", "--plugin", tmp_path / "text.so", code=2)
    assert "cannot be loaded" in text.stderr


# Picks the first server fifty times, then does what the parameter `how` says.
MISTAKEN = """\
#include <stdexcept>

#include "algorithms/plugin.hpp"
using namespace lbsim;
using namespace lbsim::algorithms;

class Mistaken final : public Upstream {
 public:
  Mistaken(std::size_t size, std::string how) : size_(size), how_(how) {
    if (how == "make throws") throw std::runtime_error("no luck");
  }
  Pick begin(const Request& request, Attempt& attempt, Time) override {
    attempt.server = 0;
    if (++picks_ < 50) return Pick::server;
    if (how_ == "begin throws") throw 7;
    if (how_ == "starts another") started_.push_back({request.ticket, 0});
    if (how_ == "asks nobody") probes_.push_back(60);
    if (how_ == "out of range") attempt.server = 60;
    return how_ == "no pick" ? static_cast<Pick>(9) : Pick::server;
  }
  Pick next(const Request&, Attempt&, Result, Time) override { return Pick::none; }
  void end(Attempt&, Result, Time) override {
    if (how_ == "end throws") throw std::runtime_error("no luck");
  }
  void abandon(std::uint64_t, Time) override {}
  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId, AdminState, Time) override {}
  void set_weight(ServerId, int, Time) override {}
  ReportWishes report_wishes() const override {
    return {Duration{how_ == "wants too much" ? 1 : 0}, false, false};
  }
  std::size_t size() const override { return how_ == "other size" ? 7 : size_; }
  std::string describe() const override { return ""; }

 private:
  std::size_t size_;
  std::string how_;
  int picks_ = 0;
};

LBSIM_PLUGIN(plugin) {
  const auto make = [](const PoolConfig& config) -> std::unique_ptr<Upstream> {
    const auto how = config.parameters.find("how");
    if (how == config.parameters.end()) return nullptr;
    // A scenario's parameters are tried with one server, before they are used.
    const bool later = config.servers.size() < 2;
    return std::make_unique<Mistaken>(config.servers.size(), later ? "" : how->second);
  };
  plugin.add({"mine", "mistaken", "s", "s", {{"how", "", "text", "what goes wrong"}}, make});
}
"""


@pytest.fixture(scope="module")
def mistaken(headers, tmp_path_factory):
    source = tmp_path_factory.mktemp("mistaken") / "mistaken.cpp"
    source.write_text(MISTAKEN)
    return compiled(headers, source, source.with_suffix(".so"))


@pytest.mark.parametrize(
    "how, message",
    [
        ("make throws", "its maker failed: no luck"),
        ("begin throws", "begin() failed with an exception that is no std::exception"),
        ("end throws", "end() failed: no luck"),
        ("out of range", "begin() named server 60"),
        ("asks nobody", "begin() named server 60"),
        ("starts another", "begin() started a request that does not wait"),
        ("no pick", "begin() returned something that is no Pick"),
        ("wants too much", "wants reports more often than each millisecond"),
        ("other size", "made a pool of 7 servers, not 60"),
    ],
)
def test_what_a_pool_of_a_plugin_does_wrong_is_said(lbsim, mistaken, scenario, how, message):
    done = lbsim("run", scenario("mine/mistaken"), "--plugin", mistaken, "--duration", "3s",
                 "--set", f"proxies.parameters.how={how}", code=2)
    assert f"mine/mistaken: {message}" in done.stderr and not done.stdout


def test_a_plugin_that_makes_no_pool_is_said(lbsim, mistaken, scenario):
    done = lbsim("run", scenario("mine/mistaken"), "--plugin", mistaken, "--duration", "3s", code=2)
    assert "mine/mistaken: made no pool" in done.stderr and not done.stdout
