// Rules of request-level proxies: which pool has a request, which requests the proxy answers, and
// what a redirection costs and saves.
#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

constexpr double kLanS = 50e-6;
constexpr double kClientS = 15e-3;

// Pages of one document and one image, of which the files' servers make none and the others all.
RunPlan site_of_two_groups() {
  RunPlan p = plan({nginx(1), servers(2, 4)}, 20, 2, 60);
  auto& groups = std::get<ServerTierConfig>(p.site.tiers[1].device).groups;
  groups = {{"app", 3, 4, 1.0, 1, {}, {}}, {"files", 2, 4, 1.0, 1, {}, {}}};
  p.site.workload.content.classes = {
      {"pages", true, 1, "www.example.com", "/", 0, 1, true, {}, {}},
      {"images", false, 1, "img.example.com", "/static/", 100, 0.8, true, {}, {}}};
  Layer7Config& c = proxy(p, 0).layer7;
  c.groups = {"app"};
  c.pools = {{"static", {"files"}, "round_robin", {}}};
  c.rules = {{"images", {.path = "/static/"}, "static", 0, false}};
  return p;
}

const PoolStats& pool_of(const RunResult& r, const std::string& name) {
  for (const PoolStats& pool : r.recorder.pools()) {
    if (pool.name == name) return pool;
  }
  throw std::out_of_range(name);
}

TEST(Rules, SendImagesToTheirPoolAndPagesToTheOther) {
  const RunResult r = run(site_of_two_groups());
  EXPECT_EQ(not_ok(r), 0u);
  const std::uint64_t pages = r.recorder.contents()[0].ended;
  const std::uint64_t images = r.recorder.contents()[1].ended;
  EXPECT_GT(images, 500u);
  EXPECT_EQ(picks(r, "proxies"), pages);
  EXPECT_EQ(picks(r, "proxies/static"), images);
  EXPECT_EQ(pool_of(r, "proxies").members,
            (std::vector<std::string>{"servers.1", "servers.2", "servers.3"}));
  EXPECT_EQ(pool_of(r, "proxies/static").members,
            (std::vector<std::string>{"servers.4", "servers.5"}));
  // And it is the named machines that do the work.
  for (const NodeStats& node : r.recorder.nodes()) {
    if (node.tier != "servers") continue;
    const bool files = node.name == "servers.4" || node.name == "servers.5";
    EXPECT_NEAR(static_cast<double>(node.total.requests),
                static_cast<double>(files ? images / 2 : pages / 3), 2);
  }
}

TEST(Rules, OfDeadServersArePutUpWithPoolByPool) {
  RunPlan p = site_of_two_groups();
  add_fault(p, 10, "servers.4", FaultKind::stop);
  const RunResult r = run(p);
  EXPECT_EQ(not_ok(r), 0u);  // servers.5 has all images
  const auto& static_picks = pool_of(r, "proxies/static").picks;
  EXPECT_GT(static_picks[1], 2 * static_picks[0]);
}

TEST(Rules, DifferForTheIntranet) {
  RunPlan p = site_of_two_groups();
  p.site.workload.pages_per_session = 1;  // who is denied leaves
  p.site.clients[0].name = "extranet";
  p.site.clients.push_back({.name = "intranet", .share = 1});
  proxy(p, 0).layer7.rules = {{"admin", {.path = "/", .networks = {"extranet"}}, "", 403, false}};
  const RunResult r = run(p);
  // All documents of the extranet are denied, and with them their images; half the users are there.
  const double denied = static_cast<double>(count(r, RequestOutcome::denied));
  const double pages = static_cast<double>(r.recorder.contents()[0].ended);
  EXPECT_NEAR(denied / pages, 0.5, 0.06);  // 4 standard errors of 1,200 users
  EXPECT_EQ(not_ok(r), count(r, RequestOutcome::denied));
  EXPECT_EQ(r.recorder.layer7().front().rules.front().requests, count(r, RequestOutcome::denied));
}

TEST(Rules, SeeBrowsersLanguagesAndCookies) {
  RunPlan p = site_of_two_groups();
  p.site.workload.content.headers = {{"User-Agent", {"Mobile", "Desktop"}, {1, 3}}};
  proxy(p, 0).layer7.rules = {{"phones", {.browser = "mobile"}, "static", 0, false}};
  const RunResult r = run(p);
  const double share =
      static_cast<double>(picks(r, "proxies/static")) / static_cast<double>(generated(r));
  EXPECT_NEAR(share, 0.25, 0.06);
}

RunPlan quiet_redirects() {
  RunPlan p = bare_plan({nginx(1), servers(3, 4)}, 1, 20, always(0.01), 1000);
  ProxyTierConfig& c = proxy(p, 0);
  c.request_cpu = c.accept_cpu = c.connect_cpu = {};
  c.layer7.rules = {{"all", {}, "", 0, true}};
  return p;
}

// Handshake, redirection, handshake, request and answer: a round trip each; the proxy takes no part
// in the last two.
TEST(Redirects, CostARoundTripAndAHandshakeOnce) {
  RunPlan p = quiet_redirects();
  const RunResult r = run_at(p, {1});
  EXPECT_EQ(count(r, RequestOutcome::ok), 1u);
  EXPECT_NEAR(longest_s(r), 8 * kClientS + 0.01, 1e-5);
  proxy(p, 0).layer7.rules.clear();
  EXPECT_NEAR(longest_s(run_at(p, {1})), 4 * kClientS + 0.01 + 4 * kLanS, 1e-4);
}

TEST(Redirects, AreOncePerSessionThenDirect) {
  RunPlan p = quiet_redirects();
  p.site.workload.pages_per_session = 20;
  p.site.workload.assets = 3;
  p.site.workload.asset_cached = 0;
  p.site.workload.think = milliseconds(100);
  const RunResult r = run_at(p, {1, 2, 3, 4, 5, 6});
  EXPECT_GT(generated(r), 100u);
  EXPECT_EQ(not_ok(r), 0u);
  EXPECT_EQ(r.recorder.layer7().front().redirects, 6u);
  EXPECT_EQ(total_of(r, "proxies").requests, 6u);
  EXPECT_EQ(total_of(r, "servers").requests, generated(r));
  EXPECT_EQ(total_of(r, "proxies").bytes_out, 0u);  // no response passes
}

TEST(Redirects, LeaveUsersAtAServerThatDied) {
  RunPlan p = quiet_redirects();
  p.site.workload.pages_per_session = 1000;
  p.site.workload.think = milliseconds(500);
  add_fault(p, 10, "servers.1", FaultKind::stop);
  const RunResult r = run_at(p, {1, 2, 3});
  // The one who was sent to servers.1 is refused, and leaves; nobody notices at the proxy.
  EXPECT_EQ(not_ok(r), 1u);
}

}  // namespace
}  // namespace lbsim
