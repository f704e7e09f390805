#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
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
      lines_(mode != "never" && isatty(STDERR_FILENO) == 0),
      begin_(std::chrono::steady_clock::now()),
      last_(begin_) {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
}

ProgressLine::~ProgressLine() { clear(); }

bool ProgressLine::is_due() {
  if (!shown_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return false;
  last_ = now;
  return true;
}

void ProgressLine::show(const std::string& text) {
  fmt::print(stderr, "\r\033[K{}: {}", title_, text);
  std::fflush(stderr);
  on_screen_ = true;
}

bool ProgressLine::update(const Progress& progress) {
  if (interrupted != 0) return false;
  if (!is_due()) return true;
  const double spent_s = std::chrono::duration<double>(last_ - begin_).count();
  const double share = std::min(progress.simulated_s / progress.window_s, 1.0);
  const double left_s = share > 0 ? spent_s / share - spent_s : 0;
  show(fmt::format("{:.0f} % of {:.0f} s simulated, {:.2f} M requests/s, {:.0f} s left",
                   share * 100, progress.window_s,
                   static_cast<double>(progress.requests_ended) / spent_s * 1e-6, left_s));
  return true;
}

void ProgressLine::update(std::size_t done, std::size_t all, const std::string& what) {
  if (!is_due()) return;
  const double spent_s = std::chrono::duration<double>(last_ - begin_).count();
  show(fmt::format("{} of {} done, {:.0f} s, now {}", done, all, spent_s, what));
}

double ProgressLine::spent_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void ProgressLine::update_runs(double done, std::size_t all) {
  const double spent = spent_s();
  const double share = done / static_cast<double>(std::max<std::size_t>(all, 1));
  const std::string left =
      share > 0 ? fmt::format(", {:.0f} s left", spent / share - spent) : std::string();
  show_now_and_then(fmt::format("{:.0f} of {} runs done{}", std::floor(done), all, left));
}

void ProgressLine::update_point(std::size_t n, const std::string& what) {
  show_now_and_then(fmt::format("point {}, {:.0f} s, now {}", n, spent_s(), what));
}

void ProgressLine::show_now_and_then(const std::string& text) {
  if (!lines_) {
    if (is_due()) show(text);
    return;
  }
  const double spent = spent_s();
  if (spent < line_at_s_) return;
  line_at_s_ = spent + std::max(10.0, spent / 10);
  fmt::print(stderr, "{}: {}\n", title_, text);
}

void ProgressLine::clear() {
  if (on_screen_) fmt::print(stderr, "\r\033[K");
  on_screen_ = false;
}

}  // namespace lbsim::cli
