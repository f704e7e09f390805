#include <nlohmann/json.hpp>

#include "scenario/description.hpp"

namespace lbsim::scenario {
namespace {

using Json = nlohmann::ordered_json;

// A file that includes others, or is included, may leave any field to them: only a whole scenario
// can be told what it lacks. Lists are never merged, so the tables in them are always whole.
enum class Extent { whole, part };

Json schema_of(const TableDescription& table, Extent extent);

Json schema_of(const Shape& shape, Extent extent) {
  Json out = Json::parse(shape.schema);
  if (!shape.table) return out;
  if (out["type"] != "array") return schema_of(*shape.table, extent);
  out["items"] = schema_of(*shape.table, Extent::whole);
  return out;
}

Json schema_of(const FieldDescription& field, Extent extent) {
  Json out;
  if (field.shapes.size() == 1) {
    out = schema_of(field.shapes.front(), extent);
  } else {
    for (const Shape& shape : field.shapes) out["anyOf"].push_back(schema_of(shape, extent));
  }
  if (!field.help.empty()) out["description"] = field.help;
  if (field.fallback) {
    // What TOML and JSON write alike, which is all that a default is.
    const Json fallback = Json::parse(*field.fallback, nullptr, false);
    if (!fallback.is_discarded()) out["default"] = fallback;
  }
  return out;
}

void add_fields(Json& object, const std::vector<FieldDescription>& fields, Extent extent) {
  for (const FieldDescription& field : fields) {
    object["properties"][field.name] = schema_of(field, extent);
    if (field.required && extent == Extent::whole) object["required"].push_back(field.name);
  }
}

Json object_of(const TableDescription& table, Extent extent) {
  Json out{{"type", "object"}, {"properties", Json::object()}};
  add_fields(out, table.fields, extent);
  out["additionalProperties"] = table.named ? schema_of(*table.named, extent) : Json(false);
  return out;
}

// One alternative per kind, each with all of its fields: editors understand this better than
// conditions or unevaluatedProperties. A part that does not say its kind may be of any.
Json schema_of(const TableDescription& table, Extent extent) {
  if (table.kinds.empty()) return object_of(table, extent);
  Json kinds = Json::array();
  for (const KindDescription& kind : table.kinds) {
    Json object = object_of(table, extent);
    object["title"] = kind.name;
    add_fields(object, kind.table.fields, extent);
    object["properties"][table.kind_field] = {{"const", kind.name}, {"description", kind.help}};
    kinds.push_back(std::move(object));
  }
  return {{"type", "object"}, {extent == Extent::whole ? "oneOf" : "anyOf", std::move(kinds)}};
}

}  // namespace

std::string json_schema(const TableDescription& root, const std::string& title) {
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  out.update(schema_of(root, Extent::part));
  out["if"] = {{"required", {"format"}}, {"not", {{"required", {"include"}}}}};
  out["then"] = {{"$ref", "#/$defs/whole"}};
  out["$defs"] = {{"whole", schema_of(root, Extent::whole)}};
  return out.dump(2) + "\n";
}

}  // namespace lbsim::scenario
