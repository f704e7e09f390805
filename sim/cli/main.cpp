#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "cli/verbs.hpp"
#include "core/check.hpp"
#include "core/error.hpp"
#include "planning/child_runs.hpp"

#ifndef LBSIM_VERSION
#define LBSIM_VERSION "unknown"
#endif

namespace lbsim::cli {
namespace {

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  return names;
}

// What CLI11 says, as an error of ours: what was wrong and what would be right.
int report_usage(const CLI::ParseError& error, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (is_of_a_later_version(word.substr(0, word.find('=')))) {
      fmt::print(stderr, "error: {}: not in this version\n", word);
      return kBadInput;
    }
  }
  const std::string nearest = words.empty() ? "" : nearest_word(words.front(), verb_names());
  const bool known = !words.empty() && nearest == words.front();
  const bool is_word = !words.empty() && !words.front().starts_with('-');
  if (is_word && !known) {
    fmt::print(stderr, "error: there is no verb {}\n", words.front());
  } else {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  if (!known && !nearest.empty()) {
    fmt::print(stderr, "  hint: did you mean `lbsim {}`?\n", nearest);
  } else {
    fmt::print(stderr, "  hint: `lbsim {}--help` shows what there is\n",
               known ? words.front() + ' ' : "");
  }
  return kBadInput;
}

int run(const std::vector<std::string>& words) {
  CLI::App app("lbsim: a discrete-event simulator of network load balancing", "lbsim");
  app.set_version_flag("--version", "lbsim " LBSIM_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  std::function<int()> chosen;
  for (const Verb& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.summary);
    sub->callback([&chosen, work = verb.declare(*sub)] { chosen = work; });
  }
  std::string topic;
  CLI::App* help = app.add_subcommand("help", "what a verb does: lbsim help VERB");
  help->add_option("VERB", topic, "the verb");
  help->callback([&] {
    chosen = [&] {
      const auto names = verb_names();
      const bool known = std::find(names.begin(), names.end(), topic) != names.end();
      if (is_of_a_later_version(topic)) {
        fmt::print(stderr, "error: {}: not in this version\n", topic);
        return kBadInput;
      }
      if (!known && !topic.empty()) {
        fmt::print(stderr, "error: there is no verb {}\n  hint: `lbsim --help` lists them\n",
                   topic);
        return kBadInput;
      }
      // App::help() of the program itself would tell of `help`, the verb that was given.
      fmt::print("{}",
                 known ? app.get_subcommand(topic)->help("lbsim")
                       : app.get_formatter()->make_help(&app, "lbsim", CLI::AppFormatMode::Normal));
      return kHolds;
    };
  });
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return report_usage(error, words);
  }
  return chosen();
}

}  // namespace
}  // namespace lbsim::cli

int main(int argc, char** argv) {
  try {
    return lbsim::cli::run({argv + 1, argv + argc});
  } catch (const lbsim::InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return lbsim::cli::kBadInput;
  } catch (const lbsim::planning::RunKilled& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return lbsim::cli::kInterrupted;
  } catch (const std::exception& error) {
    fmt::print(stderr, "lbsim: {}\n  This is a bug in lbsim; please report it with the command.\n",
               error.what());
    return lbsim::cli::kBug;
  }
}
