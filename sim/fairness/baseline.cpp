#include "fairness/baseline.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "core/json_writer.hpp"

namespace lbsim::fairness {
namespace {

using Json = nlohmann::json;

constexpr const char* kWhat = "lbsim fairness baseline";
constexpr int kFormat = 1;
constexpr std::size_t kBatchesMax = 50;  // rank_sum_test takes 100 values in all

void write_list(JsonWriter& json, const std::vector<double>& numbers) {
  json.begin_array(true);
  for (const double number : numbers) json.value(number);
  json.end_array();
}

void write_value(JsonWriter& json, const Value& value) {
  if (value.kind == Kind::batches) {
    write_list(json.begin_row().key("batches"), value.numbers);
    json.end_object();
  } else if (value.kind == Kind::shares) {
    json.begin_row().field("count", static_cast<std::uint64_t>(value.batches)).key("mean");
    write_list(json, value.numbers);
    write_list(json.key("variance"), value.variances);
    json.end_object();
  } else if (value.numbers.size() == 1) {
    json.value(value.numbers[0]);
  } else {
    write_list(json, value.numbers);
  }
}

// Where the mistake is: the line that the last of the keys stands on, each behind the one before.
class Reading {
 public:
  Reading(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  Baseline run() {
    Json json;
    try {
      json = Json::parse(text_);
    } catch (const Json::parse_error& error) {
      throw_at(line_at(error.byte), "is no complete JSON");
    }
    const bool ours = json.is_object() && json.contains("what") && json["what"] == kWhat;
    if (!ours) throw_at(1, "is no baseline of lbsim fairness");
    if (json.value("format", Json()) != kFormat) fail({"format"}, "is not 1, which is all I know");
    Baseline baseline;
    if (!json.contains("seed") || !json["seed"].is_number_unsigned()) {
      fail({"seed"}, "is no whole number");
    }
    baseline.seed = json["seed"].get<std::uint64_t>();
    for (const auto& [algorithm, pools] : members(json, {"algorithms"})) {
      for (const auto& [pool, metrics] : members(pools, {"algorithms", algorithm})) {
        for (const auto& [metric, value] : members(metrics, {"algorithms", algorithm, pool})) {
          baseline.measured[algorithm][pool][metric] =
              read_value(value, {"algorithms", algorithm, pool, metric});
        }
      }
    }
    return baseline;
  }

 private:
  using Place = std::vector<std::string>;

  [[noreturn]] void throw_at(int line, const std::string& message) const {
    throw InputError(Diagnostic{path_, line, 0, "", message,
                                "`lbsim fairness --baseline FILE --update` writes one"});
  }

  int line_at(std::size_t byte) const {
    const std::size_t end = std::min(byte, text_.size());
    return 1 + static_cast<int>(std::count(text_.begin(),
                                           text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  }

  [[noreturn]] void fail(const Place& place, const std::string& message) const {
    std::size_t at = 0;
    std::string name;
    for (const std::string& key : place) {
      const std::size_t found = text_.find(Json(key).dump(), at);
      if (found != std::string::npos) at = found;
      if (key != "algorithms" || place.size() == 1) name += (name.empty() ? "" : " ") + key;
    }
    throw_at(line_at(at), name + ' ' + message);
  }

  // Of an object; at the top, of the member of the last key's name.
  Json::object_t members(const Json& json, const Place& place) const {
    const Json& object = place.size() == 1 ? json.value(place[0], Json()) : json;
    if (!object.is_object()) fail(place, "is no object");
    return object.get<Json::object_t>();
  }

  std::vector<double> numbers(const Json& list, const Place& place) const {
    std::vector<double> result;
    const bool is_list = list.is_array() && !list.empty();
    if (!is_list) fail(place, "has no list of numbers");
    for (const Json& number : list) {
      if (!number.is_number()) fail(place, "has something that is no number");
      result.push_back(number.get<double>());
    }
    return result;
  }

  Value read_value(const Json& json, const Place& place) const {
    if (json.is_number()) return {Kind::fixed, {json.get<double>()}, {}, 0};
    if (json.is_array()) return {Kind::fixed, numbers(json, place), {}, 0};
    if (json.is_object() && json.contains("batches")) {
      Value value{Kind::batches, numbers(json["batches"], place), {}, 0};
      if (value.numbers.size() > kBatchesMax) fail(place, "has more than 50 batches");
      return value;
    }
    const bool shares = json.is_object() && json.contains("count") && json.contains("mean") &&
                        json.contains("variance") && json["count"].is_number_unsigned() &&
                        json["count"].get<std::size_t>() > 1;
    if (!shares) fail(place, "is no value: a number, a list, batches, or count, mean and variance");
    Value value{Kind::shares, numbers(json["mean"], place), numbers(json["variance"], place),
                json["count"].get<std::size_t>()};
    if (value.numbers.size() != value.variances.size()) fail(place, "has not as many variances");
    return value;
  }

  std::string path_;
  std::string text_;
};

}  // namespace

std::string baseline_text(const Baseline& baseline) {
  JsonWriter json;
  json.begin_object().field("format", kFormat).field("what", kWhat).field("seed", baseline.seed);
  json.key("algorithms").begin_object();
  for (const auto& [algorithm, pools] : baseline.measured) {
    json.key(algorithm).begin_object();
    for (const auto& [pool, metrics] : pools) {
      json.key(pool).begin_object();
      for (const auto& [metric, value] : metrics) write_value(json.key(metric), value);
      json.end_object();
    }
    json.end_object();
  }
  json.end_object().end_object();
  return json.text();
}

Baseline read_baseline(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad()) {
    throw InputError(Diagnostic{path, 0, 0, "--baseline", "cannot be read",
                                "`lbsim fairness --baseline FILE --update` writes one"});
  }
  return Reading(path, text.str()).run();
}

}  // namespace lbsim::fairness
