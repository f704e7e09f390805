#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "cli/run_options.hpp"

namespace lbsim::cli {
namespace {

constexpr long kSameMs = 500;

volatile std::sig_atomic_t interrupted = 0;
volatile long interrupted_ms = 0;

long now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// One wish to end may arrive twice: timeout(1) signals the process and its group.
void interrupt(int signal) {
  const long at_ms = now_ms();
  if (interrupted == 0) {
    interrupted_ms = at_ms;
    interrupted = 1;
  } else if (at_ms - interrupted_ms > kSameMs) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

bool was_interrupted() { return interrupted != 0; }

ProgressLine::ProgressLine(const std::string& mode, std::string title)
    : title_(std::move(title)),
      on_terminal_(isatty(STDERR_FILENO) != 0),
      always_(mode == "always"),
      never_(mode == "never"),
      begin_(std::chrono::steady_clock::now()),
      due_at_s_(on_terminal_ || always_ ? 0.2 : 10) {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
}

ProgressLine::~ProgressLine() { clear(); }

double ProgressLine::spent_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

bool ProgressLine::is_due() {
  if (never_) return false;
  const double spent = spent_s();
  if (spent < due_at_s_) return false;
  due_at_s_ = spent + (on_terminal_ ? 0.2 : std::max(always_ ? 1.0 : 10.0, spent / 10));
  return true;
}

std::string ProgressLine::left_text(double share) const {
  if (share <= 0) return {};
  const double spent = spent_s();
  return fmt::format(", {:.0f} s left", std::max(0.0, spent / share - spent));
}

void ProgressLine::show(const std::string& text) {
  if (!on_terminal_) {
    fmt::print(stderr, "{}: {}\n", title_, text);
    return;
  }
  fmt::print(stderr, "\r\033[K{}: {}", title_, text);
  std::fflush(stderr);
  on_screen_ = true;
}

bool ProgressLine::update(const Progress& progress) {
  if (interrupted != 0) return false;
  if (!is_due()) return true;
  const double share = std::min(progress.simulated_s / progress.window_s, 1.0);
  show(fmt::format(
      "{:.0f} % of {:.0f} s simulated, {:.2f} M requests/s{}", share * 100, progress.window_s,
      static_cast<double>(progress.requests_ended) / spent_s() * 1e-6, left_text(share)));
  return true;
}

void ProgressLine::update(std::size_t done, std::size_t all, const std::string& what) {
  if (!is_due()) return;
  const double share = static_cast<double>(done) / static_cast<double>(all);
  show(fmt::format("{} of {} done{}, now {}", done, all, left_text(share), what));
}

void ProgressLine::update_runs(double done, std::size_t all, const char* things) {
  if (!is_due()) return;
  const double share = done / static_cast<double>(std::max<std::size_t>(all, 1));
  show(fmt::format("{:.0f} of {} {} done{}", std::floor(done), all, things, left_text(share)));
}

void ProgressLine::update_points(double done, double about, const std::string& what) {
  if (!is_due()) return;
  show(fmt::format("{:.0f} of about {:.0f} points done{}, now {}", std::floor(done), about,
                   left_text(done / about), what));
}

void ProgressLine::clear() {
  if (on_screen_) fmt::print(stderr, "\r\033[K");
  on_screen_ = false;
}

}  // namespace lbsim::cli
