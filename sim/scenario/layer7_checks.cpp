#include <fmt/format.h>

#include <algorithm>

#include "devices/contents.hpp"
#include "scenario/layer7_reader.hpp"

namespace lbsim::scenario {
namespace {

void check_groups(Reader& r, const std::string& field, const std::vector<std::string>& groups,
                  const TierConfig& behind) {
  const auto* servers = std::get_if<ServerTierConfig>(&behind.device);
  if (groups.empty()) return;
  if (servers == nullptr) {
    return r.fail(field, fmt::format("are groups of servers, and \"{}\" has none", behind.name),
                  "only the tier in front of the servers has pools of them");
  }
  std::vector<std::string> names;
  for (const ServerGroupConfig& group : servers->groups) names.push_back(group.name);
  for (const std::string& group : groups) {
    if (std::find(names.begin(), names.end(), group) != names.end()) continue;
    r.fail(field, fmt::format("no group of \"{}\" is called \"{}\"", behind.name, group),
           "groups are " + joined(names));
  }
}

void check_condition(Reader& r, const std::string& field, const algorithms::rules::Condition& when,
                     const SiteConfig& site) {
  const ContentConfig& content = site.workload.content;
  if (when.looks_at_url() && content.classes.empty()) {
    r.fail(field, "looks at URLs, which the workload's requests have none of",
           "say what requests are of: [[workload.content]]");
  }
  if (when.looks_at_headers() && content.headers.empty()) {
    r.fail(field, "looks at header fields, which the workload's requests have none of",
           "say what sessions send: [[workload.headers]]");
  }
  std::vector<std::string> names;
  for (const ClientGroupConfig& group : site.clients) names.push_back(group.name);
  for (const std::string& network : when.networks) {
    if (std::find(names.begin(), names.end(), network) != names.end()) continue;
    r.fail(field + ".clients", fmt::format("no group of clients is called \"{}\"", network),
           "groups are " + joined(names));
  }
}

void check_redirects(Reader& r, const SiteConfig& site, std::size_t tier) {
  const std::string field = site.tiers[tier].name + ".rules";
  if (tier + 2 != site.tiers.size()) {
    r.fail(field, "redirect to servers, and another tier is behind",
           "only the tier in front of the servers redirects to them");
  }
  const auto* before =
      tier == 0 ? nullptr : std::get_if<ProxyTierConfig>(&site.tiers[tier - 1].device);
  if (before != nullptr && before->mode == ProxyMode::http) {
    r.fail(field,
           fmt::format("redirect clients of \"{}\", which are proxies", site.tiers[tier - 1].name),
           "only the first tier that balances requests redirects");
  }
}

// Each proxy tier decides beforehand on every combination of what requests may be.
void check_combinations(Reader& r, const SiteConfig& site) {
  constexpr double kCombinationsMax = 4e6;
  const double combinations =
      static_cast<double>(std::max<std::size_t>(site.workload.content.classes.size(), 1)) *
      static_cast<double>(site.clients.size()) * trait_count(site.workload.content);
  if (combinations <= kCombinationsMax) return;
  r.fail("workload",
         fmt::format("has {:.0f} combinations of classes of content, groups of clients and values "
                     "of headers",
                     combinations),
         fmt::format("at most {:.0f} are simulated", kCombinationsMax));
}

}  // namespace

void check_layer7(Reader& r, const SiteConfig& site) {
  check_combinations(r, site);
  for (std::size_t t = 0; t + 1 < site.tiers.size(); ++t) {
    const TierConfig& tier = site.tiers[t];
    const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
    if (proxy == nullptr) continue;
    const Layer7Config& c = proxy->layer7;
    check_groups(r, tier.name + ".groups", c.groups, site.tiers[t + 1]);
    for (std::size_t i = 0; i < c.pools.size(); ++i) {
      check_groups(r, fmt::format("{}.pools.{}.groups", tier.name, i), c.pools[i].groups,
                   site.tiers[t + 1]);
    }
    for (std::size_t i = 0; i < c.rules.size(); ++i) {
      check_condition(r, fmt::format("{}.rules.{}", tier.name, i), c.rules[i].when, site);
    }
    for (std::size_t i = 0; i < c.limits.size(); ++i) {
      check_condition(r, fmt::format("{}.limits.{}", tier.name, i), c.limits[i].when, site);
    }
    if (c.cache && site.workload.content.classes.empty()) {
      r.fail(tier.name + ".cache", "has nothing to keep: no request is of an object",
             "write [[workload.content]] with objects");
    }
    if (c.redirects()) check_redirects(r, site, t);
  }
}

}  // namespace lbsim::scenario
