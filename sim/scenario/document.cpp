#include "scenario/document.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include "core/check.hpp"
#include "scenario/settings.hpp"
#include "scenario/toml.hpp"

namespace lbsim::scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIncludeDepth = 16;
constexpr int kIncludedFiles = 256;
constexpr std::uintmax_t kFileSize = 8'000'000;

// Reads a file and all that it includes, and collects what is wrong with any of them.
class Loader {
 public:
  std::optional<Table> read_file(const fs::path& file, const Diagnostic& asked_by) {
    std::error_code error;
    const fs::path identity = fs::weakly_canonical(file, error);
    if (!may_include(file, identity, asked_by)) return std::nullopt;
    const std::optional<std::string> text = contents(file, asked_by);
    if (!text) return std::nullopt;
    open_.push_back(identity);
    std::optional<Table> table = read_text(*text, file.string(), file.parent_path());
    open_.pop_back();
    return table;
  }

  std::optional<Table> read_text(std::string_view text, const std::string& name,
                                 const fs::path& folder) {
    std::optional<Table> own = parse_toml(text, name, mistakes);
    if (!own) return std::nullopt;
    return read_table(std::move(*own), {.file = name, .line = 1, .column = 1}, folder);
  }

  Table read_table(Table own, const Place& start, const fs::path& folder) {
    check_format(own, start);
    const auto include = own.find("include");
    Table merged;
    if (include != own.end()) {
      for (const Value& part : parts(include->second)) {
        const Diagnostic asked_by = diagnostic(part.place, "include");
        const std::string& file = *part.as<std::string>();
        std::optional<Table> table = read_file((folder / file).lexically_normal(), asked_by);
        if (table) merge(merged, std::move(*table));
      }
      own.erase(include);
    }
    merge(merged, std::move(own));
    return merged;
  }

  std::vector<Diagnostic> mistakes;

 private:
  static Diagnostic diagnostic(const Place& place, std::string field) {
    return {.file = place.file,
            .line = place.line,
            .column = place.column,
            .field = std::move(field),
            .message = {},
            .hint = {}};
  }

  void fail(Diagnostic at, std::string message, std::string hint) {
    at.message = std::move(message);
    at.hint = std::move(hint);
    mistakes.push_back(std::move(at));
  }

  bool may_include(const fs::path& file, const fs::path& identity, const Diagnostic& asked_by) {
    if (std::find(open_.begin(), open_.end(), identity) != open_.end()) {
      fail(asked_by, file.string() + " includes itself",
           "break the circle: move what both need into a third file");
    } else if (open_.size() > kIncludeDepth || ++files_ > kIncludedFiles) {
      fail(asked_by, "too many includes",
           fmt::format("at most {} deep and {} in all", kIncludeDepth, kIncludedFiles));
    } else {
      return true;
    }
    return false;
  }

  std::optional<std::string> contents(const fs::path& file, const Diagnostic& asked_by) {
    std::error_code error;
    if (!fs::exists(file, error)) {
      fail(asked_by, fmt::format("there is no file {}", file.string()),
           asked_by.field.empty() ? "" : "the path is relative to the file that includes it");
      return std::nullopt;
    }
    if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > kFileSize) {
      fail(asked_by, fmt::format("{} is not a file of at most 8 MB", file.string()), "");
      return std::nullopt;
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
      fail(asked_by, fmt::format("cannot read {}", file.string()), "");
      return std::nullopt;
    }
    return text.str();
  }

  // The files to include; reports entries that are none.
  std::vector<Value> parts(const Value& include) {
    std::vector<Value> out;
    const std::string hint = "write include = [\"parts/workload.toml\"]";
    const List* list = include.as<List>();
    if (!list) {
      fail(diagnostic(include.place, "include"), "must be a list of files", hint);
      return out;
    }
    for (const Value& part : *list) {
      if (part.as<std::string>()) {
        out.push_back(part);
      } else {
        fail(diagnostic(part.place, "include"), "must be a list of files", hint);
      }
    }
    return out;
  }

  void check_format(const Table& own, const Place& start) {
    const auto format = own.find("format");
    const std::string hint = fmt::format("write format = {}", kFormat);
    const bool included = std::exchange(main_read_, true);
    if (format == own.end() && included) return;
    if (format == own.end()) {
      fail(diagnostic(start, "format"), "is missing", hint + " at the top of the file");
      return;
    }
    const std::int64_t* number = format->second.as<std::int64_t>();
    if (number && *number == kFormat) return;
    fail(diagnostic(format->second.place, "format"),
         fmt::format("is {}, and this version of lbsim reads {}", print_scalar(format->second),
                     kFormat),
         hint);
  }

  std::vector<fs::path> open_;  // files being read, outermost first
  int files_ = 0;
  bool main_read_ = false;
};

void throw_sorted(std::vector<Diagnostic> mistakes) {
  if (mistakes.empty()) return;
  const auto key = [](const Diagnostic& d) { return std::tie(d.file, d.line, d.column); };
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  throw InputError(std::move(mistakes));
}

Table with_settings(std::optional<Table> table, const std::vector<std::string>& settings,
                    std::vector<Diagnostic> mistakes) {
  if (table) {
    for (const std::string& setting : settings) apply_setting(*table, setting, mistakes);
  }
  throw_sorted(std::move(mistakes));
  return std::move(*table);
}

}  // namespace

Document Document::load(const fs::path& file, const std::vector<std::string>& settings) {
  Loader loader;
  const Diagnostic asked_by{.file = file.string(), .field = {}, .message = {}, .hint = {}};
  std::optional<Table> table = loader.read_file(file, asked_by);
  Document out;
  out.root_ = with_settings(std::move(table), settings, std::move(loader.mistakes));
  out.place_ = {.file = file.string(), .line = 1, .column = 1};
  return out;
}

Document Document::parse(std::string_view text, const std::string& name,
                         const std::vector<std::string>& settings, const fs::path& folder) {
  Loader loader;
  std::optional<Table> table = loader.read_text(text, name, folder);
  Document out;
  out.root_ = with_settings(std::move(table), settings, std::move(loader.mistakes));
  out.place_ = {.file = name, .line = 1, .column = 1};
  return out;
}

Document Document::of(Table table, const std::string& name,
                      const std::vector<std::string>& settings, const fs::path& folder) {
  Loader loader;
  Document out;
  out.place_ = {.file = name};
  table = loader.read_table(std::move(table), out.place_, folder);
  out.root_ = with_settings(std::move(table), settings, std::move(loader.mistakes));
  return out;
}

Document Document::with(const std::vector<std::string>& settings) const {
  Document out;
  out.root_ = with_settings(root_, settings, {});
  out.place_ = place_;
  return out;
}

void Document::fail(Location location, std::string message, std::string hint) {
  mistakes_.push_back({.file = std::move(location.place.file),
                       .line = location.place.line,
                       .column = location.place.column,
                       .field = std::move(location.field),
                       .message = std::move(message),
                       .hint = std::move(hint)});
}

void Document::throw_if_errors() { throw_sorted(std::move(mistakes_)); }

std::string Document::sha256() const {
  const std::string canonical = text();
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  LBSIM_CHECK(
      EVP_Digest(canonical.data(), canonical.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace lbsim::scenario
