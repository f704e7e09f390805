#include "conform/traces.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "conform/json_file.hpp"
#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using ReplayFunction = Replay (*)(const json&);

struct Schema {
  const char* balancer;  // as traces name it
  ReplayFunction replay;
};
constexpr Schema kSchemas[] = {
    {"nginx", replay_nginx},
    {"haproxy", replay_haproxy},
    {"ipvs", replay_ipvs},
    {"apache-mod_proxy_balancer", replay_apache},
    {"apache-mod_jk", replay_apache},
    {"bind9", replay_dns},
    {"unbound", replay_dns},
    {"dnsmasq", replay_dns},
    {"knot", replay_dns},
    {"gdnsd", replay_dns},
    {"powerdns", replay_dns},
    {"powerdns-recursor", replay_dns},
    {"dnsdist", replay_dns},
    {"glibc", replay_dns},
};

constexpr const char* kNoTrace = "is no trace: it names no `balancer`";
constexpr const char* kKnown = "traces of nginx, HAProxy, IPVS, Apache and DNS servers";

bool is_trace(const json& value) {
  return value.is_object() && value.contains("balancer") && value["balancer"].is_string();
}

ReplayFunction replay_for(const json& trace, const std::string& place) {
  if (trace.contains("schema") && trace["schema"] != 1) {
    const std::string schema = trace["schema"].dump();
    refuse_file(place, "is a trace of schema " + schema + ", and only 1 is known", kKnown);
  }
  for (const Schema& schema : kSchemas) {
    if (trace["balancer"] == schema.balancer) return schema.replay;
  }
  refuse_file(place, "is a trace of " + trace["balancer"].dump() + ", which is not modelled",
              kKnown);
}

struct File {
  std::string path;
  bool named;  // by the user, not found in a folder
};

std::vector<File> files_of(const std::vector<std::string>& paths) {
  std::vector<File> files;
  for (const std::string& path : paths) {
    if (!fs::exists(path)) refuse_file(path, "there is no such file or folder", "check the path");
    if (!fs::is_directory(path)) {
      files.push_back({path, true});
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && (name.ends_with(".json") || name.ends_with(".json.gz"))) {
        found.push_back(entry.path().string());
      }
    }
    std::sort(found.begin(), found.end());
    for (std::string& file : found) files.push_back({std::move(file), false});
  }
  return files;
}

// What the file holds: one trace, or a list of them.
std::vector<const json*> traces_in(const json& content) {
  if (!content.is_object() || !content.contains("traces") || !content["traces"].is_array()) {
    return {&content};
  }
  std::vector<const json*> traces;
  for (const json& trace : content["traces"]) traces.push_back(&trace);
  return traces;
}

// Its own, else the name of the file: with a number where the file holds several.
std::string id_of(const json& trace, const std::string& file, std::size_t number, bool several) {
  if (trace.contains("id") && trace["id"].is_string()) return trace["id"].get<std::string>();
  std::string name = fs::path(file).filename().string();
  name.resize(name.find(".json") < name.size() ? name.find(".json") : name.size());
  return several ? name + "." + std::to_string(number + 1) : name;
}

// A trace, or something in its place that is none.
struct Item {
  std::string id;
  std::string place;  // the file, and where it holds several, the trace
  const json* trace = nullptr;
  ReplayFunction replay = nullptr;  // null: it is no trace
};

// Adds what the file holds to `items`.
void find_items(const File& file, const json& content, std::vector<Item>& items) {
  const std::vector<const json*> traces = traces_in(content);
  const bool several = traces != std::vector<const json*>{&content};
  if (traces.empty()) refuse_file(file.path, "holds no trace", kKnown);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    Item item{.id = id_of(*traces[i], file.path, i, several),
              .place = file.path,
              .trace = traces[i],
              .replay = nullptr};
    if (several) item.place += ": " + item.id;
    if (is_trace(*traces[i])) {
      item.replay = replay_for(*traces[i], item.place);
    } else if (file.named && !several) {
      refuse_file(file.path, kNoTrace, kKnown);
    }
    items.push_back(item);
  }
}

// Errors of a trace name the file and the trace they are in.
Replay replay_one(const Item& item) {
  try {
    Replay replay = item.replay(*item.trace);
    replay.id = item.id;
    return replay;
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file = item.place;
    throw InputError(std::move(diagnostics));
  }
}

}  // namespace

void replay_all(const std::vector<std::string>& paths,
                const std::function<void(const Replay&)>& on_replay,
                const std::function<void(const std::string&, const std::string&)>& on_skipped) {
  std::deque<json> contents;  // that items point into
  std::vector<Item> items;
  for (const File& file : files_of(paths)) {
    find_items(file, contents.emplace_back(read_json_file(file.path)), items);
  }
  const auto known = [](const Item& item) { return item.replay != nullptr; };
  if (std::none_of(items.begin(), items.end(), known)) {
    refuse_file(paths.empty() ? "" : paths[0], "holds no trace", kKnown);
  }
  for (const Item& item : items) {
    if (item.replay == nullptr) {
      on_skipped(item.place, kNoTrace);
    } else {
      on_replay(replay_one(item));
    }
  }
}

}  // namespace lbsim::conform
