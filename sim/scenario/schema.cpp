#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenario/description.hpp"

namespace lbsim::scenario {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const TableDescription& table);

Json schema_of(const Shape& shape) {
  Json out = Json::parse(shape.schema);
  if (!shape.table) return out;
  if (out["type"] != "array") return schema_of(*shape.table);
  out["items"] = schema_of(*shape.table);
  return out;
}

Json schema_of(const FieldDescription& field) {
  Json out;
  if (field.shapes.size() == 1) {
    out = schema_of(field.shapes.front());
  } else {
    for (const Shape& shape : field.shapes) out["anyOf"].push_back(schema_of(shape));
  }
  if (!field.help.empty()) out["description"] = field.help;
  if (field.fallback) {
    // What TOML and JSON write alike, which is all that a default is.
    const Json fallback = Json::parse(*field.fallback, nullptr, false);
    if (!fallback.is_discarded()) out["default"] = fallback;
  }
  return out;
}

void add_fields(Json& object, const std::vector<FieldDescription>& fields) {
  for (const FieldDescription& field : fields) {
    object["properties"][field.name] = schema_of(field);
    if (field.required) object["required"].push_back(field.name);
  }
}

Json object_of(const TableDescription& table) {
  Json out{{"type", "object"}, {"properties", Json::object()}};
  add_fields(out, table.fields);
  out["additionalProperties"] = table.named ? schema_of(*table.named) : Json(false);
  return out;
}

// One alternative per kind, each with all of its fields: editors understand this better than
// conditions or unevaluatedProperties.
Json schema_of(const TableDescription& table) {
  if (table.kinds.empty()) return object_of(table);
  Json out{{"type", "object"}, {"oneOf", Json::array()}};
  for (const KindDescription& kind : table.kinds) {
    Json object = object_of(table);
    add_fields(object, kind.table.fields);
    Json& field = object["properties"][table.kind_field];
    const bool is_default = field.contains("default") && field["default"] == kind.name;
    field = Json{{"const", kind.name}, {"description", kind.help}};
    if (!is_default) {
      Json& required = object["required"];
      if (std::find(required.begin(), required.end(), table.kind_field) == required.end()) {
        required.push_back(table.kind_field);
      }
    }
    object["title"] = kind.name;
    out["oneOf"].push_back(std::move(object));
  }
  return out;
}

}  // namespace

std::string json_schema(const TableDescription& root, const std::string& title) {
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  out.update(schema_of(root));
  return out.dump(2) + "\n";
}

}  // namespace lbsim::scenario
