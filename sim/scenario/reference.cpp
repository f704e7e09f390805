#include <fmt/format.h>

#include "scenario/description.hpp"

namespace lbsim::scenario {
namespace {

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(const std::string& text) { return "`" + text + "`"; }

// Prints every table once, in the order in which the scenario names them.
class Reference {
 public:
  void table(const TableDescription& table, const std::string& path, const std::string& heading,
             const std::string& help) {
    out += fmt::format("## {}\n\n", heading);
    if (!help.empty()) out += help + "\n\n";
    fields(table.fields);
    for (const KindDescription& kind : table.kinds) {
      out += fmt::format("### {} with `{} = \"{}\"`\n\n", heading, table.kind_field, kind.name);
      if (!kind.help.empty()) out += kind.help + "\n\n";
      fields(kind.table.fields);
    }
    below(table, path);
    for (const KindDescription& kind : table.kinds) {
      below(kind.table, path, fmt::format(" of `{} = \"{}\"`", table.kind_field, kind.name));
    }
  }

  std::string out;

 private:
  void fields(const std::vector<FieldDescription>& all) {
    if (all.empty()) return;
    out += "| field | type | default | range | meaning | source of the default |\n";
    out += "|---|---|---|---|---|---|\n";
    for (const FieldDescription& field : all) line(field);
    out += "\n";
  }

  void line(const FieldDescription& field) {
    std::string types;
    std::string ranges;
    for (const Shape& shape : field.shapes) {
      types += (types.empty() ? "" : " or ") + shape.type;
      if (!shape.range.empty()) ranges += (ranges.empty() ? "" : "; ") + shape.range;
    }
    const std::string fallback = field.fallback   ? code(*field.fallback)
                                 : field.required ? "required"
                                                  : "none";
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(field.name), types, cell(fallback),
                       cell(ranges), cell(field.help), cell(field.source));
  }

  void below(const TableDescription& outer, const std::string& path, const std::string& of = "") {
    for (const FieldDescription& field : outer.fields) inner(field, path, of);
    if (outer.named) inner(*outer.named, path, of);
  }

  void inner(const FieldDescription& field, const std::string& path, const std::string& of) {
    const std::string below_path = path.empty() ? field.name : path + "." + field.name;
    for (const Shape& shape : field.shapes) {
      if (!shape.table) continue;
      const bool many = shape.type == "list of tables";
      const std::string header =
          fmt::format("{}{}{}", many ? "[[" : "[", below_path, many ? "]]" : "]");
      table(*shape.table, below_path, code(header) + of, field.help);
    }
  }
};

}  // namespace

std::string reference_markdown(const TableDescription& root) {
  Reference reference;
  reference.table(root, "", "The file", "");
  return reference.out;
}

}  // namespace lbsim::scenario
