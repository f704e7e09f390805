#include "planning/child_process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/check.hpp"
#include "core/error.hpp"
#include "planning/child_runs.hpp"

namespace lbsim::planning {
namespace {

// What a child writes: frames of a kind, a length and so many bytes.
enum FrameKind : char { kShare = 's', kReport = 'r', kInputError = 'i', kOtherError = 'e' };
constexpr std::size_t kHeadBytes = 1 + sizeof(std::uint64_t);

volatile std::sig_atomic_t asked_to_end = 0;

void note_end(int) { asked_to_end = 1; }

void write_frame(int fd, char kind, const std::string& payload) {
  const std::uint64_t length = payload.size();
  std::string bytes(1, kind);
  bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
  bytes += payload;
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = write(fd, bytes.data() + sent, bytes.size() - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);  // nobody is there to hear why
    sent += static_cast<std::size_t>(n);
  }
}

std::string packed_diagnostics(const InputError& error) {
  nlohmann::json all = nlohmann::json::array();
  for (const Diagnostic& d : error.diagnostics()) {
    all.push_back({d.file, d.line, d.column, d.field, d.message, d.hint});
  }
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

[[noreturn]] void throw_diagnostics(const std::string& text) {
  std::vector<Diagnostic> all;
  for (const auto& d : nlohmann::json::parse(text)) {
    all.push_back({d.at(0), d.at(1), d.at(2), d.at(3), d.at(4), d.at(5)});
  }
  throw InputError(std::move(all));
}

[[noreturn]] void live(int fd, pid_t parent, const ChildProcess::Body& body) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it died before
  struct sigaction ends {};
  ends.sa_handler = note_end;
  ends.sa_flags = SA_RESTART;
  asked_to_end = 0;
  sigaction(SIGINT, &ends, nullptr);
  sigaction(SIGTERM, &ends, nullptr);
  double told = 0;
  const auto progress = [&](const Progress& p) {
    const double share = std::min(1.0, p.simulated_s / p.window_s);
    if (share >= told + 0.01) {
      told = share;
      write_frame(fd, kShare, std::string(reinterpret_cast<const char*>(&share), sizeof share));
    }
    return asked_to_end == 0;
  };
  try {
    write_frame(fd, kReport, packed(body(progress)));
  } catch (const InputError& error) {
    write_frame(fd, kInputError, packed_diagnostics(error));
  } catch (const std::exception& error) {
    write_frame(fd, kOtherError, error.what());
  }
  _exit(0);
}

// What became of a child that did not answer.
[[noreturn]] void throw_death(const std::string& title, int status) {
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM)) {
    throw RunKilled(
        fmt::format("the run of {} was killed (signal {}): by hand, or for want of memory", title,
                    WTERMSIG(status)));
  }
  if (WIFSIGNALED(status)) {
    throw Bug(fmt::format("the run of {} died of signal {} ({})", title, WTERMSIG(status),
                          strsignal(WTERMSIG(status))));
  }
  throw Bug(
      fmt::format("the run of {} ended without an answer (code {})", title, WEXITSTATUS(status)));
}

}  // namespace

ChildProcess::ChildProcess(std::size_t index, const Body& body) : index_(index) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "no pipe for a run");
  std::fflush(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    close(ends[0]);
    live(ends[1], parent, body);
  }
  const int error = errno;
  close(ends[1]);
  if (pid_ < 0) {
    close(ends[0]);
    throw std::system_error(error, std::generic_category(), "no process for a run");
  }
  fd_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (fd_ >= 0) close(fd_);
  if (pid_ < 0) return;
  kill();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::ask_to_end() const { ::kill(pid_, SIGTERM); }

void ChildProcess::kill() const { ::kill(pid_, SIGKILL); }

void ChildProcess::read_some() {
  char buffer[65536];
  const ssize_t n = read(fd_, buffer, sizeof buffer);
  if (n < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "a run's pipe");
    return;
  }
  is_over_ = n == 0;
  bytes_.append(buffer, static_cast<std::size_t>(n));
  take_frames();
}

void ChildProcess::take_frames() {
  while (bytes_.size() >= kHeadBytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data() + 1, sizeof length);
    if (bytes_.size() - kHeadBytes < length) return;
    std::string payload = bytes_.substr(kHeadBytes, length);
    const char kind = bytes_.front();
    bytes_.erase(0, kHeadBytes + length);
    if (kind == kShare) {
      std::memcpy(&share_, payload.data(), sizeof share_);
    } else {
      kind_ = kind;
      answer_ = std::move(payload);
    }
  }
}

std::optional<RunReport> ChildProcess::result(const std::string& title, bool stopping) {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (kind_ == kReport) return unpacked(answer_);
  if (kind_ == kInputError) throw_diagnostics(answer_);
  if (kind_ == kOtherError) throw Bug(fmt::format("the run of {}: {}", title, answer_));
  if (stopping) return std::nullopt;
  throw_death(title, status);
}

}  // namespace lbsim::planning
