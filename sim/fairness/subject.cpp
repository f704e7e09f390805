#include "fairness/subject.hpp"

#include <algorithm>
#include <set>

#include "algorithms/apache/jk_balancer.hpp"
#include "algorithms/apache/proxy_balancer.hpp"
#include "core/error.hpp"
#include "fairness/dns_upstream.hpp"
#include "fairness/ipvs_upstream.hpp"

namespace lbsim::fairness {
namespace {

using algorithms::AlgorithmSpec;
using Settings = std::map<std::string, std::string>;

struct Named {
  const char* family;
  const char* name;
  Settings settings;
};

// What a method cannot do without.
const std::vector<Named>& needed_settings() {
  static const std::vector<Named> all = {
      {"haproxy", "hash", {{"expression", "path"}}},
      {"haproxy", "url_param", {{"name", "id"}}},
      {"haproxy", "hdr", {{"name", "X-Key"}}},
  };
  return all;
}

// Settings that make another algorithm of it.
const std::vector<Named>& variants() {
  static const std::vector<Named> all = {
      {"haproxy", "source", {{"hash-type", "consistent"}}},
      {"haproxy", "uri", {{"hash-type", "consistent"}}},
      {"haproxy", "uri", {{"hash-balance-factor", "125"}, {"hash-type", "consistent"}}},
      {"ipvs", "sh", {{"sh-fallback", "true"}}},
      {"ipvs", "mh", {{"mh-fallback", "true"}}},
      {"dns", "bind", {{"rrset-order", "cyclic"}}},
      {"dns", "knot", {{"answer-rotation", "yes"}}},
      {"dns", "bind-cache", {{"rrset-order", "cyclic"}}},
      {"dns", "recursor", {{"disable-packetcache", "yes"}}},
  };
  return all;
}

bool is_of(const Named& named, const AlgorithmSpec& spec) {
  return spec.family == named.family && spec.name == named.name;
}

// How clients come back, by the parameters that a method has.
Settings session_parameters(const AlgorithmSpec& spec) {
  for (const auto& parameter : spec.parameters) {
    if (parameter.name == "cookie") return {{"cookie", "SRV insert"}};
    if (parameter.name == "stickysession") return {{"stickysession", "SID"}};
    const bool by_address = parameter.range.find("client") != std::string::npos;
    if (parameter.name == "sticky" && by_address) return {{"sticky", "client"}};
    if (parameter.name == "recover_time") return {{"recover_time", "60"}};  // mod_jk always does
  }
  if (spec.family == "ipvs") return {{kIpvsPersistence, "300"}};
  return {};
}

std::unique_ptr<Upstream> make_pool(const AlgorithmSpec& spec, const PoolConfig& config) {
  if (spec.family == "ipvs") return make_ipvs_upstream(spec.name, config);
  if (spec.family == "dns") return make_dns_upstream(spec.name, config);
  return spec.make(config);
}

Subject subject_of(const AlgorithmSpec& spec, const Settings& settings, const std::string& suffix) {
  Subject subject;
  subject.name = spec.family + '/' + spec.name + suffix;
  subject.make = [&spec, settings](const PoolConfig& given) {
    PoolConfig config = given;
    config.parameters.insert(settings.begin(), settings.end());
    return make_pool(spec, config);
  };
  subject.session_parameters = session_parameters(spec);
  subject.slow_start = static_cast<bool>(spec.make);
  if (spec.family == "dns") {
    subject.servers_max = 16;
    subject.weights_change = false;
  }
  return subject;
}

[[noreturn]] void unknown(const std::string& name, const std::vector<std::string>& known) {
  const std::string nearest = nearest_word(name, known);
  throw InputError(Diagnostic{
      {},
      0,
      0,
      "ALGORITHM",
      "there is no algorithm or family " + name,
      nearest.empty() ? "`lbsim algorithms` lists them" : "did you mean " + nearest + "?"});
}

}  // namespace

std::vector<Subject> catalog_subjects() {
  std::vector<Subject> all;
  for (const AlgorithmSpec& spec : algorithms::catalog()) {
    Settings settings;
    for (const Named& named : needed_settings()) {
      if (is_of(named, spec)) settings = named.settings;
    }
    all.push_back(subject_of(spec, settings, ""));
    for (const Named& variant : variants()) {
      if (!is_of(variant, spec)) continue;
      Settings both = variant.settings;
      both.insert(settings.begin(), settings.end());
      std::string suffix;
      for (const auto& [name, value] : variant.settings) suffix.append(" ") += name + '=' + value;
      all.push_back(subject_of(spec, both, suffix));
    }
  }
  return all;
}

std::vector<Subject> chosen_subjects(const std::vector<Subject>& all,
                                     const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<bool> chosen(all.size());
  std::vector<std::string> known;
  for (const Subject& subject : all) {
    const std::string algorithm = subject.algorithm();
    const std::size_t slash = algorithm.find('/');
    known.insert(known.end(), {algorithm, algorithm.substr(slash + 1), algorithm.substr(0, slash)});
  }
  for (const std::string& name : names) {
    std::set<std::string> meant;
    bool is_bare_name = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string algorithm = all[i].algorithm();
      const std::size_t slash = algorithm.find('/');
      const bool bare = algorithm.substr(slash + 1) == name;
      const bool fits =
          bare || all[i].name == name || algorithm == name || algorithm.substr(0, slash) == name;
      if (!fits) continue;
      chosen[i] = true;
      meant.insert(algorithm);
      is_bare_name = is_bare_name || bare;
    }
    if (meant.empty()) unknown(name, known);
    if (is_bare_name && meant.size() > 1) {
      std::string list;
      for (const std::string& one : meant) list += (list.empty() ? "" : ", ") + one;
      throw InputError(Diagnostic{
          {}, 0, 0, "ALGORITHM", name + " is the name of more than one", "name one of " + list});
    }
  }
  std::vector<Subject> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (chosen[i]) result.push_back(all[i]);
  }
  return result;
}

}  // namespace lbsim::fairness
