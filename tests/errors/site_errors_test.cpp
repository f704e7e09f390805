// Prints what lbsim says about every mistake that is one of a whole site, and compares it with
// site_errors.txt, as scenario_errors_test.cpp does for single fields. LBSIM_UPDATE_GOLDEN=1
// rewrites the file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenario/site_reader.hpp"

namespace lbsim::scenario {
namespace {

// A right site; each case changes it by settings.
constexpr const char* kSite = R"(format = 1
name = "site"
[workload]
page_views = "1M"
document = { service = "exponential 5ms", response = "fixed 20KB" }
asset = { service = "fixed 1ms", response = "fixed 10KB" }
[[clients]]
name = "all"
[dns]
kind = "bind"
next = "vip"
[vip]
kind = "lvs"
next = "relays"
[relays]
kind = "haproxy"
mode = "tcp"
count = 2
next = "proxies"
[proxies]
kind = "nginx"
count = 4
next = "servers"
[servers]
kind = "servers"
groups = [{ count = 8, cores = 4 }]
)";

constexpr const char* kBalancer = "proxies.kind=balancer";

struct Case {
  std::string name;
  std::vector<std::string> settings;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"entry: no such tier", {"entry=dms"}},
      {"entry: no DNS tier", {"entry=vip"}},
      {"next: near a tier", {"relays.next=proxie"}},
      {"next: near none", {"relays.next=caches"}},
      {"next: a circle", {"proxies.next=vip"}},
      {"next: missing", {"proxies={kind=\"nginx\"}"}},
      {"next: of servers", {"servers.next=vip"}},
      {"a tier that nothing leads to", {"vip.next=proxies"}},
      {"requests before connections",
       {"vip.next=proxies", "proxies.next=relays", "relays.next=servers"}},
      {"a second DNS tier", {"relays={kind=\"bind\", next=\"proxies\"}"}},
      {"an address behind an address", {"relays.vrrp.version=2"}},
      {"too many in a row",
       {"proxies.next=a", "a={kind=\"nginx\", next=\"b\"}", "b={kind=\"nginx\", next=\"c\"}",
        "c={kind=\"nginx\", next=\"servers\"}"}},
      {"a tier's name", {"Vip={kind=\"nginx\", next=\"servers\"}"}},
      {"scheduler: near one", {"vip.scheduler=wcl"}},
      {"method: of another program", {"proxies.method=leastconn"}},
      {"method: sees nothing", {"proxies.method=hash", "proxies.parameters.key=$request_uri"}},
      {"method: sees nothing by default", {"relays.method=uri"}},
      {"parameter: a key that nobody sends",
       {kBalancer, "proxies.method=modern/maglev", "proxies.parameters.key=target"}},
      {"parameter: a cookie that nobody sends",
       {kBalancer, "proxies.method=f5/ratio", "proxies.parameters.sticky=cookie JSESSIONID"}},
      {"parameter: a cookie that nobody sends to HAProxy", {"relays.parameters.cookie=SRV insert"}},
      {"parameter: a session that nobody sends",
       {kBalancer, "proxies.method=apache/byrequests", "proxies.parameters.stickysession=ID"}},
      {"parameter: an expression that only names the client",
       {"relays.method=hash", "relays.parameters.expression=req.hdr(src)"}},
      {"parameter: priorities for some",
       {kBalancer, "proxies.method=f5/ratio", "proxies.parameters.priority_groups=2 1 1"}},
      {"parameter: priorities that are none",
       {kBalancer, "proxies.method=f5/ratio", "proxies.parameters.priority_groups=2 1 -1"}},
      {"parameter: of no method", {"proxies.parameters.kye=x"}},
      {"parameter: of another method", {"relays.parameters.draws=\"3\""}},
      {"parameter: out of range", {"relays.method=random", "relays.parameters.draws=\"0\""}},
      {"first checks: not one for each", {"relays.check.first=[\"1s\", \"2s\"]"}},
      {"first checks: no time", {"relays.check.first=[1, 2, 3, 4]"}},
      {"when_full: neither", {"servers.when_full=drop"}},
      {"queue_cpu: no time", {"relays.queue_cpu=60"}},
      {"priorities: not one for each", {"vip.vrrp.priorities=[100, 90, 80]"}},
      {"priorities: out of range", {"vip.vrrp.priorities=[300, 90]"}},
      {"advert_interval: no whole seconds", {"vip.vrrp.advert_interval=500ms"}},
      {"advert_interval: too fine", {"vip.vrrp={version=3, advert_interval=\"15ms\"}"}},
      {"advert_interval: too long for version 3",
       {"vip.vrrp={version=3, advert_interval=\"60s\"}"}},
      {"preempt_delay: too long", {"vip.vrrp.preempt_delay=20min"}},
      {"checker: none of keepalived's", {"vip.check.checker=http"}},
      {"checker: of HAProxy", {"relays.check.checker=http_get"}},
      {"warmup: no time", {"vip.check.warmup=3"}},
      {"sloppy_tcp: no yes or no", {"vip.sloppy_tcp=1"}},
      {"inhibit_on_failure: no yes or no", {"vip.inhibit_on_failure=maybe"}},
      {"addresses: too many for a name",
       {"vip={kind=\"haproxy\", mode=\"tcp\", count=64, next=\"relays\"}"}},
      {"machines: too many", {"servers.groups.0.count=200000"}},
      {"machines: too many in all", {"servers.groups=[{count=60000}, {count=60000}]"}},
      {"routes: too many", {"proxies.count=3000", "servers.groups.0.count=1000"}},
      {"fault: no such machine", {"fault=[{at=\"12:00\", kind=\"crash\", node=\"vip.3\"}]"}},
      {"fault: numbers start at 1", {"fault=[{at=\"12:00\", kind=\"crash\", node=\"vip.0\"}]"}},
      {"fault: near a tier", {"fault=[{at=\"12:00\", kind=\"crash\", node=\"proxie.1\"}]"}},
      {"fault: a field of another kind",
       {"fault=[{at=\"12:00\", kind=\"crash\", node=\"vip.1\", factor=0.5}]"}},
      {"fault: of keepalived where there is none",
       {"fault=[{at=\"12:00\", kind=\"keepalived-kill\", node=\"relays.1\"}]"}},
      {"fault: a partition where there is no address",
       {"fault=[{at=\"12:00\", kind=\"partition\", node=\"servers.1\", lasts=\"1s\"}]"}},
      {"fault: errors of no server",
       {"fault=[{at=\"12:00\", kind=\"errors\", node=\"proxies.1\"}]"}},
      {"fault: a killed process that its parent starts again lasts",
       {"fault=[{at=\"12:00\", kind=\"keepalived-kill-vrrp\", node=\"vip.1\", lasts=\"1s\"}]"}},
      {"fault: a kind", {"fault=[{at=\"12:00\", kind=\"crahs\", node=\"vip.1\"}]"}},
      {"browser: too many connections", {"workload.browser.connections=9"}},
      {"window: none", {"workload.window=noon"}},
      {"window: backwards", {"workload.window=21:00-20:00"}},
      {"day curve: no such", {"workload.day_curve=cn-protal"}},
      {"day curve: no such file", {"workload.day_curve=absent/day.csv"}},
      {"day curve: 23 hours",
       {"workload.day_curve=[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"}},
      {"day curve: a wave without its height", {"workload.day_curve={peak_hour=6}"}},
      {"day curve: a wave below zero", {"workload.day_curve={swing=1.2}"}},
      {"day curve: a wave of another field", {"workload.day_curve={swing=0.2, phase=3}"}},
      {"arrivals: near a law", {"workload.arrivals=poison"}},
      {"tls: too many round trips", {"network.tls_round_trips=11"}},
      {"resolver: no such", {"dns.resolver=bind"}},
      {"lvs: three cards", {"vip.arms=3"}},
      {"distribution: no law", {"workload.asset.service=\"5ms\""}},
      {"distribution: near a law", {"workload.asset.service=\"exponental 5ms\""}},
      {"distribution: no unit", {"workload.asset.service=\"fixed 5\""}},
      {"distribution: a size for a time", {"workload.asset.service=\"fixed 5KB\""}},
      {"distribution: no shape", {"workload.asset.service=\"lognormal 5ms\""}},
      {"distribution: shape out of range", {"workload.asset.service=\"pareto 5ms alpha 1\""}},
      {"distribution: half a phase", {"workload.asset.service=\"erlang 5ms k 1.5\""}},
      {"distribution: zero", {"workload.asset.service=\"exponential 0ms\""}},
      {"distribution: no values", {"workload.asset.service={empirical=[]}"}},
      {"distribution: a value without unit", {"workload.asset.service={empirical=[3]}"}},
      {"content: no class of documents", {"workload.content=[{name=\"a\", of=\"assets\"}]"}},
      {"content: no class of assets", {"workload.content=[{name=\"a\", of=\"documents\"}]"}},
      {"content: one name twice",
       {"workload.content=[{name=\"a\", of=\"documents\"}, {name=\"a\", of=\"assets\"}]"}},
      {"content: too many objects",
       {"workload.content=[{name=\"a\", of=\"documents\", objects=\"4M\"}, {name=\"b\", "
        "of=\"assets\", objects=\"4M\"}]"}},
      {"content: a path without a root",
       {"workload.content=[{name=\"a\", of=\"documents\", path=\"img\"}]"}},
      {"content: a size that is none",
       {"workload.content=[{name=\"a\", of=\"assets\", response=\"fixed 3ms\"}]"}},
      {"headers: shares of some",
       {"workload.headers=[{name=\"Cookie\", values=[\"a=1\", \"b=2\"], shares=[1]}]"}},
      {"rule: of no pool", {"proxies.rules=[{name=\"a\", pool=\"b\"}]"}},
      {"rule: nothing becomes of it", {"proxies.rules=[{name=\"a\"}]"}},
      {"rule: two things become of it",
       {"proxies.rules=[{name=\"a\", status=403, redirect=true}]"}},
      {"rule: looks at URLs without any",
       {"proxies.rules=[{name=\"a\", path=\"/x\", status=403}]"}},
      {"rule: looks at headers without any",
       {"proxies.rules=[{name=\"a\", cookie=\"x=1\", status=403}]"}},
      {"rule: no such clients", {"proxies.rules=[{name=\"a\", clients=[\"al\"], status=403}]"}},
      {"rule: a value of no header", {"proxies.rules=[{name=\"a\", value=\"x\", status=403}]"}},
      {"rule: connections have none", {"relays.rules=[{name=\"a\", status=403}]"}},
      {"redirect: of another proxy's clients",
       {"proxies.next=a",
        "a={kind=\"nginx\", next=\"servers\", rules=[{name=\"a\", "
        "redirect=true}]}"}},
      {"pool: of no group", {"proxies.pools=[{name=\"a\", groups=[\"b\"]}]"}},
      {"pool: in front of proxies",
       {"proxies.next=a", "a={kind=\"nginx\", next=\"servers\"}", "proxies.groups=[\"b\"]"}},
      {"limit: of nothing", {"proxies.limits=[{name=\"a\"}]"}},
      {"limit: of two things", {"proxies.limits=[{name=\"a\", rate=\"1/s\", connections=1}]"}},
      {"limit: a rate without a unit", {"proxies.limits=[{name=\"a\", rate=10}]"}},
      {"limit: no such key", {"proxies.limits=[{name=\"a\", rate=\"1/s\", key=\"adress\"}]"}},
      {"cache: nothing to keep", {"proxies.cache={size=\"1MB\"}"}},
      {"cache: no size", {"proxies.cache={ttl=\"1min\"}"}},
      {"tls: no such tickets", {"proxies.tls={tickets=\"all\"}"}},
      {"price: no currency", {"proxies.price=\"12000\""}},
      {"rent: no period", {"proxies.rent=\"500 CNY\""}},
  };
  return all;
}

std::string errors_of(const Case& c) {
  try {
    load_scenario_text(kSite, "site.toml", c.settings);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SiteErrors, ARightSiteHasNone) { EXPECT_EQ(errors_of({"", {}}), ""); }

TEST(SiteErrors, SayWhereWhatAndWhatWouldBeRight) {
  std::string actual = kSite;
  for (const Case& c : cases()) {
    std::string settings;
    for (const std::string& setting : c.settings) settings += "--set " + setting + "\n";
    const std::string errors = errors_of(c);
    EXPECT_NE(errors, "") << c.name << " is no mistake";
    actual += "\n== " + c.name + "\n" + settings + "--\n" + errors + "\n";
  }
  const auto golden =
      std::filesystem::path(LBSIM_TEST_DATA).parent_path() / "errors" / "site_errors.txt";
  if (std::getenv("LBSIM_UPDATE_GOLDEN")) std::ofstream(golden) << actual;
  std::ostringstream expected;
  expected << std::ifstream(golden).rdbuf();
  EXPECT_EQ(actual, expected.str()) << "if the new texts are better: LBSIM_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace lbsim::scenario
