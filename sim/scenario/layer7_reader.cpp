#include "scenario/layer7_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenario/method_field.hpp"

namespace lbsim::scenario {
namespace {

void read_rule(Reader& r, RuleConfig& rule) {
  r.text("name", rule.name, {.help = "Of the rule, in results."});
  read_condition(r, rule.when);
  std::optional<std::string> pool;
  r.text("pool", pool, {.help = "The named pool that has the request then."});
  rule.pool = pool.value_or("");
  r.integer("status", rule.status,
            {.help = "Or the status that it is answered with at once; 0: it is not. 4xx counts as "
                     "denied, 5xx as a server's error.",
             .min = 0,
             .max = 599,
             .fallback = rule.status});
  r.boolean("redirect", rule.redirect,
            {.help = "Or it is answered with 302 to the address of a server that the tier picks; "
                     "the rest of the session goes there, past this tier.",
             .fallback = rule.redirect});
  if (!r.ok() || r.describing()) return;
  const int actions =
      (rule.pool.empty() ? 0 : 1) + (rule.status != 0 ? 1 : 0) + (rule.redirect ? 1 : 0);
  if (actions != 1) {
    r.fail("", actions == 0 ? "says nothing of what becomes of a request" : "says several things",
           "give one of pool, status and redirect");
  }
  if (rule.status != 0 && rule.status < 200) {
    r.fail("status", fmt::format("is {}", rule.status), "statuses of responses are 200 to 599");
  }
}

void read_pool(Reader& r, NamedPoolConfig& pool, const std::string& family,
               const ProxyTierConfig& tier) {
  r.text("name", pool.name, {.help = "Of the pool, for rules and in results."});
  r.list("groups", pool.groups, TextField{},
         {.help = "The groups of servers behind that are in it.", .min_size = 1});
  std::optional<std::string> method;
  TextField field{.help = "How a server of the pool is picked; without it, as the tier says."};
  for (const algorithms::AlgorithmSpec& spec : algorithms::catalog()) {
    if (spec.family == family) field.words.push_back(spec.name);
  }
  r.text("method", method, field);
  pool.method = method.value_or(tier.method);
  read_parameters(r, family, pool.method, pool.parameters);
  if (!method && pool.parameters.empty()) pool.parameters = tier.parameters;
}

void check_unique_names(Reader& r, const std::string& list, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) ==
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      continue;
    }
    r.fail(fmt::format("{}.{}.name", list, i), fmt::format("is \"{}\" again", names[i]),
           "give each a name of its own");
  }
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& list) {
  std::vector<std::string> names;
  for (const T& one : list) names.push_back(one.name);
  return names;
}

void check_pool_names(Reader& r, const Layer7Config& c) {
  check_unique_names(r, "pools", names_of(c.pools));
  check_unique_names(r, "rules", names_of(c.rules));
  check_unique_names(r, "limits", names_of(c.limits));
  const std::vector<std::string> pools = names_of(c.pools);
  for (std::size_t i = 0; i < c.rules.size(); ++i) {
    const std::string& pool = c.rules[i].pool;
    if (pool.empty() || std::find(pools.begin(), pools.end(), pool) != pools.end()) continue;
    r.fail(fmt::format("rules.{}.pool", i), fmt::format("no pool is called \"{}\"", pool),
           pools.empty() ? "write [[TIER.pools]]" : "pools are " + joined(pools));
  }
}

}  // namespace

void read_condition(Reader& r, algorithms::rules::Condition& when) {
  const auto text = [&](std::string_view name, std::string& out, const std::string& help) {
    std::optional<std::string> given;
    r.text(name, given, {.help = help});
    out = given.value_or("");
  };
  text("host", when.host, "The request's host; \"*.example.com\": any below example.com.");
  text("path", when.path, "With what its path begins.");
  text("header", when.header, "A field that it has ...");
  text("value", when.value, "... with this text in its value.");
  text("cookie", when.cookie, "A cookie that it carries: \"name=value\", or \"name\".");
  text("browser", when.browser, "Text in its User-Agent, in any case.");
  text("language", when.language, "The language that its Accept-Language names first: \"zh\".");
  r.list("clients", when.networks, TextField{},
         {.help = "Groups of users that it comes from: rules for the intranet and for the rest.",
          .fallback = std::vector<std::string>{}});
  if (r.ok() && !r.describing() && !when.value.empty() && when.header.empty()) {
    r.fail("value", "is of no header", "name the field: header = \"User-Agent\"");
  }
}

void read_layer7(Reader& r, ProxyTierConfig& c, const std::string& family) {
  Layer7Config& l = c.layer7;
  if (!family.empty()) {
    r.list("groups", l.groups, TextField{},
           {.help = "The groups of servers behind that have what no rule sends elsewhere; without "
                    "them, all.",
            .fallback = std::vector<std::string>{}});
    l.pools.clear();
    r.tables("pools", [&](Reader& t) { read_pool(t, l.pools.emplace_back(), family, c); },
             {.help = "Some of the servers behind, balanced for themselves: upstream, backend.",
              .max_size = 64});
  }
  l.rules.clear();
  r.tables("rules", [&](Reader& t) { read_rule(t, l.rules.emplace_back()); },
           {.help = "What becomes of some requests. nginx: of those that hold the one with the "
                    "longest path decides; others: the first.",
            .max_size = 200});
  read_limits(r, l);
  read_cache(r, l);
  read_tls(r, l);
  r.duration("answer_cpu", l.answer_cpu,
             {.help = "CPU for a request that is read, and answered or turned away by the tier "
                      "itself; at most request_cpu.",
              .max = seconds(1),
              .fallback = microseconds(7),
              .source = "nginx as a web server answers 145,551 requests/s of 0 KB on one core "
                        "(nginx.com, \"Testing the Performance of NGINX and NGINX Plus Web "
                        "Servers\", 2017)"});
  if (!r.ok() || r.describing()) return;
  check_pool_names(r, l);
  if (c.mode == ProxyMode::tcp && (l.any() || !l.pools.empty() || !l.groups.empty())) {
    r.fail("mode", "is tcp, in which requests are not looked at",
           "rules, pools, groups, limits, cache and tls take mode = \"http\"");
  }
}

}  // namespace lbsim::scenario
