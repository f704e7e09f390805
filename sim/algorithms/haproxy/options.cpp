#include "algorithms/haproxy/options.hpp"

#include <algorithm>
#include <charconv>

#include "core/error.hpp"

namespace lbsim::algorithms::haproxy {

void refuse(const std::string& field, const std::string& message, const std::string& hint) {
  throw InputError(Diagnostic{"", 0, 0, field, message, hint});
}

namespace {

bool read_integer(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

Parameters::Parameters(const PoolConfig& config, const std::vector<ParameterSpec>& known) {
  std::vector<std::string> names;
  for (const ParameterSpec& p : known) {
    values_[p.name] = p.fallback;
    names.push_back(p.name);
  }
  for (const auto& [name, value] : config.parameters) {
    const auto place = values_.find(name);
    if (place == values_.end()) {
      const std::string meant = nearest_word(name, names);
      refuse(name, "no such parameter", meant.empty() ? "" : "did you mean " + meant + "?");
    }
    place->second = value;
  }
}

const std::string& Parameters::text(const std::string& name) const { return values_.at(name); }

int Parameters::integer(const std::string& name, int low, int high) const {
  int value = 0;
  if (!read_integer(text(name), value) || value < low || value > high) {
    refuse(name, "\"" + text(name) + "\" is out of range",
           "an integer from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

bool Parameters::flag(const std::string& name) const {
  const std::string& value = text(name);
  if (value != "yes" && value != "no") refuse(name, "\"" + value + "\"", "yes or no");
  return value == "yes";
}

BackendOptions::BackendOptions(const Parameters& parameters)
    : all_backups(parameters.flag("allbackups")),
      full_conns(parameters.integer("fullconn", 1, 1'000'000'000)),
      retries(parameters.integer("retries", 0, 65535)),
      cookie(parameters.text("cookie")) {
  const std::string& text = parameters.text("redispatch");
  if (text == "no") return;
  redispatch = true;
  if (text == "yes") return;
  if (!read_integer(text, redispatch_interval))
    refuse("redispatch", "\"" + text + "\"", "yes, no or an interval");
}

const std::vector<ParameterSpec>& common_parameters() {
  static const std::vector<ParameterSpec> common = {
      {"retries", "3", "0..65535", "tries after the first when a connection fails"},
      {"redispatch", "no", "yes | no | an interval",
       "option redispatch: when a retry may go to another server"},
      {"allbackups", "no", "yes | no", "option allbackups: use all backup servers, not the first"},
      // HAProxy takes a tenth of the frontends' maxconn; this is what its default of 4000 gives.
      {"fullconn", "400", "1..", "sessions at which servers with minconn reach their maxconn"},
      {"cookie", "", "NAME insert | rewrite | prefix ...", "the cookie line: persistence"},
  };
  return common;
}

namespace {

// "hdr(Host)" and "random(2)": what stands between the brackets.
std::string cut_argument(std::string& word) {
  const std::size_t open = word.find('(');
  if (open == std::string::npos) return {};
  if (word.back() != ')') refuse("balance", "no closing bracket in \"" + word + "\"", "");
  const std::string argument = word.substr(open + 1, word.size() - open - 2);
  word.resize(open);
  return argument;
}

void read_rest(BalanceLine& line, const std::vector<std::string>& words, std::size_t at) {
  static const std::vector<std::string> kFlags = {"whole", "path-only", "use_domain_only"};
  static const std::vector<std::string> kValues = {"depth", "len"};
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (std::find(kFlags.begin(), kFlags.end(), word) != kFlags.end()) {
      line.parameters[word] = "yes";
    } else if (std::find(kValues.begin(), kValues.end(), word) != kValues.end() &&
               at + 1 < words.size()) {
      line.parameters[word] = words[++at];
    } else {
      refuse("balance", "cannot read \"" + word + "\"", "");
    }
  }
}

}  // namespace

BalanceLine BalanceLine::parse(std::string_view text) {
  std::vector<std::string> words = split_words(text);
  if (words.empty()) refuse("balance", "no method", "roundrobin, leastconn, uri, ...");
  BalanceLine line;
  const std::string argument = cut_argument(words[0]);
  line.method = words[0];
  std::size_t rest = 1;
  if (!argument.empty()) line.parameters[line.method == "random" ? "draws" : "name"] = argument;
  if (line.method == "url_param" && words.size() > 1) {
    line.parameters["name"] = words[1];
    rest = 2;
  } else if (line.method == "hash") {
    line.parameters["expression"] = words.size() > 1 ? words[1] : "";
    rest = 2;
  }
  read_rest(line, words, rest);
  return line;
}

}  // namespace lbsim::algorithms::haproxy
