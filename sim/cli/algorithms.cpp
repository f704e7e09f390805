#include <fmt/core.h>

#include "algorithms/algorithm.hpp"
#include "cli/plugins.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/json_writer.hpp"

namespace lbsim::cli {
namespace {

using algorithms::AlgorithmSpec;

std::string full_name(const AlgorithmSpec& spec) { return spec.family + ' ' + spec.name; }

bool is_named(const AlgorithmSpec& spec, const std::string& name) {
  return name.empty() || spec.name == name || spec.family == name || full_name(spec) == name ||
         spec.family + '/' + spec.name == name;
}

void print_one(const AlgorithmSpec& spec) {
  fmt::print("{}\n  {}\n  source: {}\n", full_name(spec), spec.summary, spec.source);
  for (const auto& p : spec.parameters) {
    fmt::print("  {} = {}   {} ({})\n", p.name, p.fallback.empty() ? "\"\"" : p.fallback, p.help,
               p.range);
  }
}

void print_json(const std::vector<const AlgorithmSpec*>& specs) {
  JsonWriter json;
  json.begin_object().field("schema", 1).key("algorithms").begin_array();
  for (const AlgorithmSpec* spec : specs) {
    json.begin_object().field("family", spec->family).field("name", spec->name);
    json.field("summary", spec->summary).field("source", spec->source);
    json.key("parameters").begin_array();
    for (const auto& p : spec->parameters) {
      json.begin_row().field("name", p.name).field("default", p.fallback);
      json.field("range", p.range).field("help", p.help).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  fmt::print("{}", json.text());
}

int list(const std::string& name, bool as_json) {
  std::vector<const AlgorithmSpec*> found;
  std::vector<std::string> names;
  for (const AlgorithmSpec& spec : algorithms::catalog()) {
    names.push_back(spec.name);
    if (is_named(spec, name)) found.push_back(&spec);
  }
  if (found.empty()) {
    const std::string nearest = nearest_word(name, names);
    throw InputError(Diagnostic{
        {},
        0,
        0,
        "NAME",
        "there is no algorithm or family " + name,
        nearest.empty() ? "`lbsim algorithms` lists them" : "did you mean " + nearest + "?"});
  }
  if (as_json) {
    print_json(found);
  } else if (name.empty()) {
    for (const AlgorithmSpec* spec : found) {
      fmt::print("{:<9}{:<28}{}\n", spec->family, spec->name, spec->summary);
    }
  } else {
    for (const AlgorithmSpec* spec : found) print_one(*spec);
  }
  return kHolds;
}

}  // namespace

Verb algorithms_verb() {
  return {"algorithms", "the balancing algorithms, with parameters and sources", [](CLI::App& app) {
            const auto name = std::make_shared<std::string>();
            const auto as_json = std::make_shared<bool>(false);
            app.add_option("NAME", *name, "one algorithm or one family: wlc, nginx, \"ipvs wlc\"");
            app.add_flag("--json", *as_json, "as JSON");
            declare_plugins(app);
            return [name, as_json] { return list(*name, *as_json); };
          }};
}

}  // namespace lbsim::cli
