#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "cli/run_options.hpp"

namespace lbsim::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);  // the next one ends the program
}

}  // namespace

bool was_interrupted() { return interrupted != 0; }

ProgressLine::ProgressLine(const std::string& mode, std::string title)
    : title_(std::move(title)),
      shown_(mode == "always" || (mode == "auto" && isatty(STDERR_FILENO) != 0)),
      begin_(std::chrono::steady_clock::now()),
      last_(begin_) {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
}

ProgressLine::~ProgressLine() { clear(); }

bool ProgressLine::update(const Progress& progress) {
  if (interrupted != 0) return false;
  if (!shown_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return true;
  last_ = now;
  const double spent_s = std::chrono::duration<double>(now - begin_).count();
  const double share = std::min(progress.simulated_s / progress.window_s, 1.0);
  const double left_s = share > 0 ? spent_s / share - spent_s : 0;
  fmt::print(stderr,
             "\r\033[K{}: {:.0f} % of {:.0f} s simulated, {:.2f} M requests/s, {:.0f} s left",
             title_, share * 100, progress.window_s,
             static_cast<double>(progress.requests_ended) / spent_s * 1e-6, left_s);
  std::fflush(stderr);
  on_screen_ = true;
  return true;
}

void ProgressLine::clear() {
  if (on_screen_) fmt::print(stderr, "\r\033[K");
  on_screen_ = false;
}

}  // namespace lbsim::cli
