#include "scenario/method_field.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "algorithms/algorithm.hpp"
#include "algorithms/parameters.hpp"
#include "scenario/unseen.hpp"

namespace lbsim::scenario {
namespace {

using algorithms::AlgorithmSpec;
using algorithms::ParameterSpec;

// "" stands for all families that balance requests.
bool is_of(const AlgorithmSpec& spec, const std::string& family) {
  return family.empty() ? static_cast<bool>(spec.make) : spec.family == family;
}

std::vector<const AlgorithmSpec*> family_of(const std::string& family) {
  std::vector<const AlgorithmSpec*> specs;
  for (const AlgorithmSpec& spec : algorithms::catalog()) {
    if (is_of(spec, family)) specs.push_back(&spec);
  }
  return specs;
}

// Every parameter of the family, once; several methods share some. Of all families, what one name
// means in each is too much to say here.
std::vector<ParameterSpec> parameters_of(const std::string& family) {
  std::vector<ParameterSpec> all;
  for (const AlgorithmSpec* spec : family_of(family)) {
    for (const ParameterSpec& parameter : spec->parameters) {
      const auto known = std::find_if(
          all.begin(), all.end(), [&](const ParameterSpec& p) { return p.name == parameter.name; });
      if (known == all.end()) {
        all.push_back(parameter);
      } else if (family.empty() && known->help != parameter.help) {
        *known = {parameter.name, "", "see `lbsim algorithms`", "means something in each method"};
      }
    }
  }
  return all;
}

bool takes(const AlgorithmSpec& spec, const std::string& name) {
  return std::any_of(spec.parameters.begin(), spec.parameters.end(),
                     [&](const ParameterSpec& p) { return p.name == name; });
}

void read_each(Reader& r, const std::string& family, const AlgorithmSpec* spec,
               std::map<std::string, std::string>& parameters) {
  for (const ParameterSpec& parameter : parameters_of(family)) {
    std::optional<std::string> value;
    std::string help = parameter.help + " (" + parameter.range + ")";
    if (!parameter.fallback.empty()) help += "; the default is " + parameter.fallback;
    r.text(parameter.name, value, {.help = help});
    if (!value) continue;
    parameters[parameter.name] = *value;
    if (!spec || takes(*spec, parameter.name)) continue;
    std::vector<std::string> names;
    for (const ParameterSpec& known : spec->parameters) names.push_back(known.name);
    r.fail(parameter.name, fmt::format("is no parameter of {}", spec->name),
           names.empty() ? "it takes none" : "it takes " + joined(names));
  }
}

// Lets the method itself judge the values. How many servers there are is not known yet: as many as
// there are priorities.
void try_out(Reader& r, const AlgorithmSpec& spec,
             const std::map<std::string, std::string>& parameters) {
  algorithms::PoolConfig pool;
  const auto groups = parameters.find("priority_groups");
  const std::size_t count =
      groups == parameters.end() ? 1 : algorithms::split_words(groups->second).size();
  pool.servers.resize(std::clamp<std::size_t>(count, 1, 65535));
  for (algorithms::ServerConfig& server : pool.servers) {
    server.name = "one";
    server.address = "192.0.2.1:80";
  }
  pool.parameters = parameters;
  try {
    spec.make(pool);
  } catch (const InputError& error) {
    for (const Diagnostic& d : error.diagnostics()) {
      if (takes(spec, d.field)) {
        r.fail("parameters." + d.field, d.message, d.hint);
      } else {
        r.fail("method", fmt::format("{}: {}", d.field, d.message), d.hint);
      }
    }
  }
}

void read_checked(Reader& r, const std::string& names, const AlgorithmSpec* spec,
                  std::map<std::string, std::string>& parameters) {
  r.table(
      "parameters", [&](Reader& t) { read_each(t, names, spec, parameters); },
      TableField{.help = "Of the method; each method takes some of them."});
  if (!spec || !r.ok()) return;
  try_out(r, *spec, parameters);
  if (!r.ok()) return;
  if (const auto unseen = unseen_by(*spec, parameters)) {
    r.fail(unseen->field, unseen->message, unseen->hint);
  }
}

}  // namespace

void read_method(Reader& r, std::string_view name, const std::string& family, std::string& method,
                 TextField field) {
  for (const AlgorithmSpec* spec : family_of(family)) field.words.push_back(spec->name);
  r.text(name, method, field);
}

void read_parameters(Reader& r, const std::string& family, const std::string& method,
                     std::map<std::string, std::string>& parameters) {
  const AlgorithmSpec* spec = algorithms::find_algorithm(family, method);
  read_checked(r, family, spec, parameters);
}

void read_any_method(Reader& r, std::string_view name, std::string& family, std::string& method,
                     TextField field) {
  for (const AlgorithmSpec* spec : family_of("")) {
    field.words.push_back(spec->family + '/' + spec->name);
  }
  std::string both;
  r.text(name, both, field);
  const std::size_t slash = std::min(both.find('/'), both.size());
  family = both.substr(0, slash);
  method = both.substr(std::min(slash + 1, both.size()));
}

void read_any_parameters(Reader& r, const std::string& family, const std::string& method,
                         std::map<std::string, std::string>& parameters) {
  read_checked(r, "", algorithms::find_algorithm(family, method), parameters);
}

}  // namespace lbsim::scenario
