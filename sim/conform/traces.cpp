#include "conform/traces.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using ReplayFunction = Replay (*)(const json&);

[[noreturn]] void fail(const std::string& file, std::string message, std::string hint) {
  throw InputError(Diagnostic{file, 0, 0, {}, std::move(message), std::move(hint)});
}

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

// Null, with the reason in `why`, if the JSON is no trace that can be replayed.
ReplayFunction replay_for(const json& trace, std::string& why) {
  if (!trace.is_object() || !trace.contains("balancer") || !trace["balancer"].is_string()) {
    why = "is no trace: it names no `balancer`";
    return nullptr;
  }
  if (trace.contains("schema") && trace["schema"] != 1) {
    why = "is a trace of schema " + trace["schema"].dump() + ", and only 1 is known";
    return nullptr;
  }
  for (const Schema& schema : kSchemas) {
    if (trace["balancer"] == schema.balancer) return schema.replay;
  }
  why = "is a trace of " + trace["balancer"].dump() + ", which is not modelled";
  return nullptr;
}

// No value, with the reason in `why`, if the file holds no JSON.
std::optional<json> read_json(const std::string& file, std::string& why) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "cannot be read", "name a trace or a folder of traces");
  try {
    return json::parse(in);
  } catch (const json::parse_error& error) {
    const std::string what = error.what();
    why = "is no complete JSON: " + what.substr(what.find("parse error"));
    return {};
  }
}

struct File {
  std::string path;
  bool named;  // by the user, not found in a folder
};

std::vector<File> files_of(const std::vector<std::string>& paths) {
  std::vector<File> files;
  for (const std::string& path : paths) {
    if (!fs::exists(path)) fail(path, "there is no such file or folder", "check the path");
    if (!fs::is_directory(path)) {
      files.push_back({path, true});
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && entry.path().extension() == ".json") {
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
  const std::string name = fs::path(file).stem().string();
  return several ? name + "." + std::to_string(number + 1) : name;
}

// Errors of a trace name the file and the trace they are in.
Replay replay_one(const std::string& place, ReplayFunction replay, const json& trace) {
  try {
    return replay(trace);
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file = place;
    throw InputError(std::move(diagnostics));
  }
}

}  // namespace

void replay_all(const std::vector<std::string>& paths,
                const std::function<void(const Replay&)>& on_replay,
                const std::function<void(const std::string&, const std::string&)>& on_skipped) {
  for (const File& file : files_of(paths)) {
    std::string why = "holds no trace";
    const std::optional<json> content = read_json(file.path, why);
    const std::vector<const json*> traces =
        content ? traces_in(*content) : std::vector<const json*>();
    const bool several = content && traces != std::vector<const json*>{&*content};
    bool any = false;
    for (std::size_t i = 0; i < traces.size(); ++i) {
      const ReplayFunction replay = replay_for(*traces[i], why);
      const std::string id = id_of(*traces[i], file.path, i, several);
      const std::string place = several ? file.path + ": " + id : file.path;
      if (replay == nullptr && several) on_skipped(place, why);
      if (replay == nullptr) continue;
      any = true;
      Replay result = replay_one(place, replay, *traces[i]);
      result.id = id;
      on_replay(result);
    }
    if (any) continue;
    if (file.named) fail(file.path, why, "traces of nginx, HAProxy, IPVS, Apache and DNS servers");
    on_skipped(file.path, why);
  }
}

}  // namespace lbsim::conform
