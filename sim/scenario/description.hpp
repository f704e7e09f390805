// What a scenario may say, as data: gathered from the read functions (see reader.hpp), printed as
// JSON Schema for editors and as Markdown for the reference.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lbsim::scenario {

class Reader;
struct TableDescription;

// What one form of a value looks like.
struct Shape {
  std::string type;                         // "duration", "integer", "list of durations"
  std::string range;                        // "1 .. 100", "dr, nat or tun"; may be empty
  std::string schema;                       // JSON Schema of it, without sub-tables
  std::shared_ptr<TableDescription> table;  // of a table or of each table of an array
};

struct FieldDescription {
  std::string name = {};
  std::string help = {};
  std::string source = {};
  std::optional<std::string> fallback = {};  // as TOML
  bool required = false;
  std::vector<Shape> shapes = {};  // more than one where a field may be written in several forms
};

struct KindDescription;

struct TableDescription {
  std::vector<FieldDescription> fields;
  std::string kind_field;              // empty, or the field that picks one of `kinds`
  std::vector<KindDescription> kinds;  // fields on top of `fields`
  std::string placeholder;             // of tables that the user names; empty: none
  std::shared_ptr<FieldDescription> named;
};

struct KindDescription {
  std::string name;
  std::string help;
  TableDescription table;
};

TableDescription describe(const std::function<void(Reader&)>& read);

// JSON Schema, draft 2020-12.
std::string json_schema(const TableDescription& root, const std::string& title);

// One Markdown table per table of the scenario, one line per field.
std::string reference_markdown(const TableDescription& root);

}  // namespace lbsim::scenario
