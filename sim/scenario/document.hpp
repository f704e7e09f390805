// A scenario file with its includes and overrides, and the mistakes found in it so far.
//
// `include = ["parts/a.toml"]` is relative to the file that says it. The including file's keys win
// over those it includes, a later include's over an earlier one's, key by key; lists (and so arrays
// of tables) are replaced as a whole. A setting, "a.b.c=value", wins over all files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/value.hpp"

namespace lbsim::scenario {

inline constexpr std::int64_t kFormat = 1;

class Document {
 public:
  // Throw InputError with all mistakes of reading: no such file, syntax, include, format, setting.
  static Document load(const std::filesystem::path& file,
                       const std::vector<std::string>& settings = {});
  // `name` is what errors call the text; its includes are relative to `folder`.
  static Document parse(std::string_view text, const std::string& name,
                        const std::vector<std::string>& settings = {},
                        const std::filesystem::path& folder = ".");

  // The same of a table that was made by a program; `name` is what errors call it.
  static Document of(Table table, const std::string& name,
                     const std::vector<std::string>& settings = {},
                     const std::filesystem::path& folder = ".");

  // The document with further settings. Throws InputError with all mistakes in them.
  Document with(const std::vector<std::string>& settings) const;

  const Table& root() const { return root_; }
  const Place& place() const { return place_; }

  // A mistake in what was read; throw_if_errors() throws all of them in order of file, line,
  // column.
  void fail(Location location, std::string message, std::string hint = "");
  bool ok() const { return mistakes_.empty(); }
  void throw_if_errors();

  // The effective scenario, after includes and settings: see canonical_text() in value.hpp.
  std::string text() const { return canonical_text(root_); }
  std::string sha256() const;  // of text(), in lower case hex

 private:
  Table root_;
  Place place_;
  std::vector<Diagnostic> mistakes_;
};

}  // namespace lbsim::scenario
