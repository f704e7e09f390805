#include "algorithms/haproxy/options.hpp"

#include <algorithm>

namespace lbsim::algorithms::haproxy {

BackendOptions::BackendOptions(const Parameters& parameters)
    : all_backups(parameters.flag("allbackups")),
      full_conns(parameters.integer("fullconn", 1, 1'000'000'000)),
      retries(parameters.integer("retries", 0, 65535)),
      cookie(parameters.text("cookie")) {
  const std::string& text = parameters.text("redispatch");
  if (text == "no") return;
  redispatch = true;
  if (text != "yes") redispatch_interval = parameters.integer("redispatch", -65535, 65535);
}

const std::vector<ParameterSpec>& common_parameters() {
  static const std::vector<ParameterSpec> common = {
      {"retries", "3", "0..65535", "tries after the first when a connection fails"},
      {"redispatch", "no", "yes | no | an interval",
       "option redispatch: when a retry may go to another server"},
      {"allbackups", "no", "yes | no", "option allbackups: use all backup servers, not the first"},
      // HAProxy takes a tenth of the frontends' maxconn; this is what its default of 4000 gives.
      {"fullconn", "400", "1..", "sessions at which servers with minconn reach their maxconn"},
      {"cookie", "", "NAME insert | rewrite | prefix ...", "the cookie line: persistence",
       [](const std::string& cookie) { return !cookie.empty(); },
       "leave it out; source keeps clients by their address"},
  };
  return common;
}

namespace {

// "hdr(Host)" and "random(2)": what stands between the brackets.
std::string cut_argument(std::string& word) {
  const std::size_t open = word.find('(');
  if (open == std::string::npos) return {};
  if (word.back() != ')') reject("balance", "no closing bracket in \"" + word + "\"");
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
      reject("balance", "cannot read \"" + word + "\"");
    }
  }
}

}  // namespace

BalanceLine BalanceLine::parse(std::string_view text) {
  std::vector<std::string> words = split_words(text);
  if (words.empty()) reject("balance", "no method", "roundrobin, leastconn, uri, ...");
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
