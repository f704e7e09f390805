#include "validation/keepalived_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conform/json.hpp"
#include "conform/json_file.hpp"
#include "core/error.hpp"

namespace lbsim::validation {
namespace {

using conform::Field;
using What = KeepalivedCase::What;

// Every time and every yes or no of a run; a null says that it did not happen.
void read_quantities(const Field& run, KeepalivedCase& to) {
  for (const auto& [name, field] : run.members()) {
    if (field.is_boolean() && name != "sync_daemon" && name != "sloppy_tcp") {
      to.recorded[name].push_back(field.boolean() ? 1 : 0);
    } else if (name.ends_with("_s")) {
      std::vector<double>& values = to.recorded[name];
      if (!field.null()) values.push_back(field.seconds());
    }
  }
}

void read_survivals(const Field& run, KeepalivedCase& to) {
  const Field results = run.at("result_by_exchanges_before_failover");
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].size() != 2) results[i].fail("is no pair of a number and a result");
    const auto exchanges = static_cast<int>(results[i][0].integer(0, 90));
    if (std::find(to.exchanges.begin(), to.exchanges.end(), exchanges) == to.exchanges.end()) {
      to.exchanges.push_back(exchanges);
    }
    const bool survives = results[i][1].one_of({"reset", "survives"}) == 1;
    to.recorded[survived_after(exchanges)].push_back(survives ? 1 : 0);
  }
}

KeepalivedCase vrrp_of(const Field& run) {
  KeepalivedCase c;
  constexpr const char* kNoReturn = "nopreempt_return";
  c.failure = run.at("kind").string();
  run.at("kind").one_of(
      {"kill9_all", "kill9_parent", "kill9_vrrp_child", "link_down", "stop", kNoReturn});
  c.what = c.failure == kNoReturn ? What::no_return : What::vrrp;
  c.advert_int_s = run.at("advert_int").number();
  if (!(c.advert_int_s >= 0.01 && c.advert_int_s <= 255)) {
    run.at("advert_int").fail("must be from 0.01 to 255");
  }
  c.version = static_cast<int>(run.find("vrrp_version").integer_or(2, 2, 3));
  c.title = fmt::format("vrrp {}, advert_int {}", c.failure, c.advert_int_s);
  const Field priorities = run.find("priorities");
  if (!priorities.absent()) {
    if (priorities.size() != 2) priorities.fail("must be two");
    for (std::size_t i = 0; i < 2; ++i) {
      c.priorities[i] = static_cast<int>(priorities[i].integer(1, 254));
    }
  }
  return c;
}

KeepalivedCase health_of(const Field& run) {
  KeepalivedCase c;
  c.what = What::health;
  c.failure = run.at("failure").string();
  run.at("failure").one_of({"refused", "vanished", "status_500"});
  c.http = run.at("check").one_of({"TCP_CHECK", "HTTP_GET"}) == 1;
  c.delay_loop_s = run.at("delay_loop").seconds();
  c.connect_timeout_s = run.at("connect_timeout").seconds();
  c.delay_before_retry_s = run.at("delay_before_retry").seconds();
  c.retry = static_cast<int>(run.at("retry").integer(0, 1000));
  if (c.delay_loop_s == 0) run.at("delay_loop").fail("must be more than 0");
  c.title = fmt::format("{} {}/{}/{}/{} {}", run.at("check").string(), c.delay_loop_s, c.retry,
                        c.delay_before_retry_s, c.connect_timeout_s, c.failure);
  return c;
}

KeepalivedCase survival_of(const Field& run) {
  KeepalivedCase c;
  c.what = What::survival;
  c.failure = run.at("failure").string();
  run.at("failure").one_of({"link_down", "stop"});
  c.sync = run.at("sync_daemon").boolean();
  c.sloppy_tcp = run.at("sloppy_tcp").boolean();
  c.scheduler = run.at("scheduler").string();
  run.at("scheduler").one_of({"rr", "sh", "mh"});
  c.title = fmt::format("connection {}{}{}, {}", c.scheduler, c.sync ? ", sync" : "",
                        c.sloppy_tcp ? ", sloppy_tcp" : "", c.failure);
  return c;
}

std::vector<KeepalivedCase> read_cases(const Field& runs) {
  std::vector<KeepalivedCase> cases;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Field run = runs[i];
    const std::size_t what = run.at("what").one_of({"vrrp", "health", "survival", "health_start"});
    if (what == 3) continue;  // how checks are spread at the start is a setting of the model
    KeepalivedCase c = what == 0 ? vrrp_of(run) : what == 1 ? health_of(run) : survival_of(run);
    const auto same = std::find_if(cases.begin(), cases.end(),
                                   [&](const auto& known) { return known.title == c.title; });
    KeepalivedCase& to = same == cases.end() ? cases.emplace_back(std::move(c)) : *same;
    if (what == 2) {
      read_survivals(run, to);
    } else {
      read_quantities(run, to);
    }
  }
  if (cases.empty()) runs.fail("has no measurement");
  return cases;
}

}  // namespace

std::string survived_after(int exchanges) {
  return fmt::format("survives_after_{:02}_exchanges", exchanges);
}

std::optional<std::vector<KeepalivedCase>> read_keepalived(const std::string& path) {
  const nlohmann::json json = conform::read_json_file(path);
  if (!json.is_object() || !json.contains("keepalived")) return std::nullopt;
  try {
    return read_cases(Field(json).at("measurements"));
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file = path;
    throw InputError(std::move(diagnostics));
  }
}

}  // namespace lbsim::validation
