#include "cli/dask.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/error.hpp"

namespace lbsim::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject_dask(const std::string& message, const std::string& hint) {
  throw InputError(Diagnostic{{}, 0, 0, "--dask", message, hint});
}

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

// In a checkout, else where `cmake --install` puts it.
fs::path helper_file() {
  const fs::path folder = this_program().parent_path();
  for (const char* place : {"../../bindings/lbsim/dask_sweep.py", "../share/lbsim/dask_sweep.py"}) {
    if (fs::exists(folder / place)) return folder / place;
  }
  reject_dask("dask_sweep.py is neither in a checkout nor installed with this program",
              "install with `cmake --install`");
}

// The helper, its standard input and output ours. Dies with this process.
class Helper {
 public:
  explicit Helper(const std::string& work) {
    const std::string file = helper_file().string();
    const char* named = std::getenv("LBSIM_PYTHON");
    const std::string python = named != nullptr ? named : "/usr/bin/python3";
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "no pipe for Dask");
    }
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      std::signal(SIGINT, SIG_IGN);  // of the terminal: the parent decides
      execl(python.c_str(), python.c_str(), file.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    out_ = out[0];
    std::signal(SIGPIPE, SIG_IGN);
    for (std::size_t sent = 0; sent < work.size();) {
      const ssize_t n = write(in[1], work.data() + sent, work.size() - sent);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;  // it has died: status() tells
      sent += static_cast<std::size_t>(n);
    }
    close(in[1]);
  }
  ~Helper() {
    close(out_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  // False at the end of what it writes.
  bool read_more(std::string& text) {
    pollfd end{out_, POLLIN, 0};
    if (poll(&end, 1, 200) <= 0) return true;
    char buffer[65536];
    const ssize_t n = read(out_, buffer, sizeof buffer);
    if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }

  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace

void run_on_dask(const std::string& address, const std::vector<DaskRun>& runs,
                 const std::function<void(std::size_t, const std::string&)>& ended,
                 const std::function<bool()>& stops) {
  nlohmann::json work = {{"address", address},
                         {"program", this_program().string()},
                         {"folder", fs::current_path().string()}};
  work["runs"] = nlohmann::json::array();
  for (const DaskRun& run : runs) {
    work["runs"].push_back({{"index", run.index}, {"arguments", run.arguments}});
  }
  Helper helper(work.dump());
  std::string text;
  for (bool more = true; more;) {
    if (stops()) return;
    more = helper.read_more(text);
    for (std::size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
      const nlohmann::json line = nlohmann::json::parse(text.substr(0, end));
      if (line.contains("error")) {
        reject_dask(line.at("error").get<std::string>(), line.value("hint", ""));
      }
      ended(line.at("index").get<std::size_t>(), line.at("json").get<std::string>());
    }
  }
  if (helper.wait() != 0) {
    reject_dask("its Python helper failed; what it says is above",
                "it needs python3-distributed; LBSIM_PYTHON names another interpreter");
  }
}

}  // namespace lbsim::cli
