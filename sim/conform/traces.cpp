#include "conform/traces.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using ReplayFunction = Replay (*)(const json&);

[[noreturn]] void fail(const std::string& file, std::string message, std::string hint) {
  throw InputError(Diagnostic{file, 0, 0, {}, std::move(message), std::move(hint)});
}

// By the `balancer` a trace names; null if it is none of ours.
ReplayFunction replay_for(const json& trace) {
  if (!trace.is_object() || !trace.contains("balancer") || !trace["balancer"].is_string()) {
    return nullptr;
  }
  static const std::vector<std::pair<std::string, ReplayFunction>> kByBalancer = {
      {"nginx", replay_nginx},          {"haproxy", replay_haproxy},
      {"ipvs", replay_ipvs},            {"apache-mod_proxy_balancer", replay_apache},
      {"apache-mod_jk", replay_apache}, {"bind9", replay_dns},
      {"unbound", replay_dns},          {"dnsmasq", replay_dns},
      {"knot", replay_dns},             {"gdnsd", replay_dns},
      {"powerdns", replay_dns},         {"powerdns-recursor", replay_dns},
      {"dnsdist", replay_dns},          {"glibc", replay_dns}};
  for (const auto& [balancer, replay] : kByBalancer) {
    if (trace["balancer"] == balancer) return replay;
  }
  return nullptr;
}

json read_json(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "cannot be read", "name a trace or a folder of traces");
  try {
    return json::parse(in);
  } catch (const json::parse_error& error) {
    std::string what = error.what();
    what = what.substr(what.find("parse error"));
    fail(file, "is no complete JSON: " + what, "was the file cut off while it was copied?");
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

// Errors of a trace name the file they are in.
Replay replay_one(const std::string& file, ReplayFunction replay, const json& trace) {
  try {
    return replay(trace);
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file = d.file.empty() ? file : file + ": " + d.file;
    throw InputError(std::move(diagnostics));
  } catch (const json::exception& error) {
    fail(file, std::string("is no trace of its schema: ") + error.what(),
         "see docs/contract.md for the schemas");
  }
}

}  // namespace

void replay_all(
    const std::vector<std::string>& paths, const std::function<void(const Replay&)>& on_replay,
    const std::function<void(const std::string&, const std::string&)>& on_skipped) {
  for (const File& file : files_of(paths)) {
    const json content = read_json(file.path);
    const bool holds_many = content.is_object() && content.contains("traces") &&
                            content["traces"].is_array();
    const json one = json::array({content});
    const json& traces = holds_many ? content["traces"] : one;
    bool any = false;
    for (const json& trace : traces) {
      const ReplayFunction replay = replay_for(trace);
      if (replay == nullptr) continue;
      any = true;
      on_replay(replay_one(file.path, replay, trace));
    }
    if (any) continue;
    const std::string why = "no trace of nginx, HAProxy, IPVS, Apache or a DNS server";
    if (file.named) fail(file.path, "holds " + why, "a trace names its `balancer`");
    on_skipped(file.path, why);
  }
}

}  // namespace lbsim::conform
