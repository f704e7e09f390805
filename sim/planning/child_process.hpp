// One child of run_in_children(): begins with the object, and does not outlive it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "planning/run_report.hpp"
#include "site/run.hpp"

namespace lbsim::planning {

class ChildProcess {
 public:
  using Body = std::function<RunReport(const std::function<bool(const Progress&)>&)>;

  // Throws std::system_error if there can be no further process.
  ChildProcess(std::size_t index, const Body& body);
  ~ChildProcess();  // kills it if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  std::size_t index() const { return index_; }
  int fd() const { return fd_; }             // to poll
  double share() const { return share_; }    // of its window that is simulated
  bool is_over() const { return is_over_; }  // it has closed its pipe
  void read_some();                          // without waiting, once fd() is ready
  void ask_to_end() const;                   // its result will be partial
  void kill() const;

  // Once it is over: waits for its end. Throws as run_in_children() does; none if it was stopped
  // (`stopping`) before it could answer.
  std::optional<RunReport> result(const std::string& title, bool stopping);

 private:
  void take_frames();

  std::size_t index_;
  pid_t pid_ = -1;
  int fd_ = -1;
  bool is_over_ = false;
  double share_ = 0;
  std::string bytes_;  // of a frame that is not whole yet
  char kind_ = 0;      // of the answer
  std::string answer_;
};

}  // namespace lbsim::planning
