#include "planning/sweep_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_writer.hpp"
#include "planning/metric.hpp"

namespace lbsim::planning {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject_folder(const std::string& folder, const std::string& message,
                                const std::string& hint) {
  throw InputError(Diagnostic{{}, 0, 0, "--out", folder + ' ' + message, hint});
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string grid_json(const SweepGrid& grid) {
  JsonWriter json;
  json.begin_object().field("schema", 1).field("scenario", grid.scenario);
  for (const auto& [name, value] : grid.conditions) json.field(name, value);
  json.field("replications", grid.replications);
  json.field("first_seed", grid.runs.empty() ? std::uint64_t{0} : grid.runs.front().seed);
  json.key("vary").begin_array();
  for (const Knob& knob : grid.knobs) {
    json.begin_row().field("field", knob.field).key("values").begin_array(true);
    for (const std::string& value : knob.values) json.value(value);
    json.end_array().end_object();
  }
  json.end_array().key("runs").begin_array();
  for (const SweepRun& run : grid.runs) {
    json.begin_row().field("seed", run.seed).field("sha256", run.sha256).end_object();
  }
  json.end_array().end_object();
  return json.text();
}

// What of the grid differs, for people: the first key whose value does.
std::string difference(const std::string& there, const std::string& here) {
  const auto a = nlohmann::json::parse(there, nullptr, false);
  const auto b = nlohmann::json::parse(here);
  if (!a.is_object()) return "its grid.json cannot be read";
  for (const auto& [key, value] : b.items()) {
    if (key == "runs" || (a.contains(key) && a.at(key) == value)) continue;
    return fmt::format("\"{}\" is {} there and {} here", key,
                       a.contains(key) ? a.at(key).dump() : "missing", value.dump());
  }
  return "the scenario has changed (its sha256 differs)";
}

// Of what a killed write left behind.
bool is_leftover(const fs::path& file) {
  return file.filename().string().find(".part-") != std::string::npos;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace

SweepJournal::SweepJournal(std::string folder, SweepGrid grid, bool resume)
    : folder_(std::move(folder)), grid_(std::move(grid)), done_(grid_.runs.size(), false) {
  const bool there = fs::exists(folder_);
  if (there && !resume) {
    reject_folder(folder_, "is there already", "--resume goes on with it, or name a new folder");
  }
  if (there && !fs::is_directory(folder_)) reject_folder(folder_, "is no folder", "name another");
  const fs::path grid_file = fs::path(folder_) / "grid.json";
  const std::string grid_text = grid_json(grid_);
  if (there && fs::exists(grid_file)) {
    const std::string found = text_of(grid_file);
    if (found != grid_text) {
      reject_folder(folder_, "holds another sweep: " + difference(found, grid_text),
                    "name a new folder, or give the arguments of that sweep");
    }
  } else if (there) {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      if (name == "lock" || name == "runs" || is_leftover(entry.path())) continue;
      reject_folder(folder_, "holds no sweep, but " + name, "name a new folder");
    }
  }
  made_ = !there;
  std::error_code error;
  fs::create_directories(fs::path(folder_) / "runs", error);
  if (error) {
    reject_folder(folder_, "cannot be made: " + error.message(), "name a folder that can be");
  }
  lock();
  if (!fs::exists(grid_file)) write_file(grid_file.string(), grid_text, "--out");
  find_runs();
}

SweepJournal::~SweepJournal() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

void SweepJournal::discard_if_new() {
  if (made_ && done_count() == 0) fs::remove_all(folder_);
}

// A lock of this process, not of its children: they do not keep it when it is killed.
void SweepJournal::lock() {
  const std::string file = (fs::path(folder_) / "lock").string();
  lock_fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (lock_fd_ < 0) {
    reject_folder(folder_, std::string("cannot be written: ") + std::strerror(errno),
                  "name a folder that can be");
  }
  if (fcntl(lock_fd_, F_SETLK, &whole) != 0) {
    reject_folder(folder_, "is in use by another lbsim", "wait for its end, or name a new folder");
  }
}

std::string SweepJournal::path_of(std::size_t run) const {
  return (fs::path(folder_) / "runs" / fmt::format("{:06}.json", run)).string();
}

void SweepJournal::find_runs() {
  for (const auto& entry : fs::directory_iterator(fs::path(folder_) / "runs")) {
    if (is_leftover(entry.path())) fs::remove(entry.path());
  }
  for (std::size_t i = 0; i < done_.size(); ++i) {
    if (!fs::exists(path_of(i))) continue;
    check(i, text_of(path_of(i)));
    done_[i] = true;
  }
}

std::size_t SweepJournal::done_count() const {
  return static_cast<std::size_t>(std::count(done_.begin(), done_.end(), true));
}

void SweepJournal::check(std::size_t run, const std::string& json) const {
  const auto found = nlohmann::json::parse(json, nullptr, false);
  const auto hint = "give the scenario and the program that the sweep was begun with";
  if (!found.is_object()) reject_folder(path_of(run), "is no run", hint);
  const auto& scenario = found.at("scenario");
  if (scenario.at("sha256") != grid_.runs[run].sha256 || found.at("seed") != grid_.runs[run].seed) {
    reject_folder(path_of(run), "is of another scenario or seed than the sweep", hint);
  }
}

void SweepJournal::add(std::size_t run, const std::string& json) {
  check(run, json);
  write_file(path_of(run), json, "--out");
  done_[run] = true;
}

std::string SweepJournal::csv() const {
  std::string text;
  for (const Knob& knob : grid_.knobs) text += csv_field(knob.field) + ',';
  text += "replication,seed";
  for (const Metric& metric : metrics()) text += ',' + column_of(metric);
  text += ",bottleneck_node,bottleneck_resource,scenario_sha256\n";
  for (std::size_t i = 0; i < done_.size(); ++i) {
    if (!done_[i]) continue;
    const SweepRun& run = grid_.runs[i];
    for (const std::string& setting : run.settings) {
      text += csv_field(setting.substr(setting.find('=') + 1)) + ',';
    }
    text += fmt::format("{},{}", run.replication, run.seed);
    const std::string json = text_of(path_of(i));
    for (const double number : numbers_of(json)) text += ',' + shortest(number);
    const auto bottleneck = nlohmann::json::parse(json).at("bottleneck");
    text += fmt::format(",{},{},{}\n", csv_field(bottleneck.at("node").get<std::string>()),
                        bottleneck.at("resource").get<std::string>(), run.sha256);
  }
  return text;
}

}  // namespace lbsim::planning
