// How far a run or a list of things is, on one line of a terminal; and Ctrl-C.
#pragma once

#include <chrono>
#include <string>

#include "site/run.hpp"

namespace lbsim::cli {

class ProgressLine {
 public:
  // `mode`: auto (only if stderr is a terminal), always or never. From now on the first Ctrl-C (or
  // SIGTERM) ends the run early; a second one ends the program.
  ProgressLine(const std::string& mode, std::string title);
  ~ProgressLine();

  // False when the run is to end.
  bool update(const Progress& progress);
  // Of `all` things so many are done; `what` goes on.
  void update(std::size_t done, std::size_t all, const std::string& what);
  // Of `all` runs so many are done, parts of them included. In a pipe (mode auto or always) a line
  // of its own now and then, for work that takes long.
  void update_runs(double done, std::size_t all);
  // The n-th point of a search whose length is not known; in a pipe as update_runs().
  void update_point(std::size_t n, const std::string& what);
  void clear();

 private:
  bool is_due();  // for another line
  double spent_s() const;
  void show_now_and_then(const std::string& text);
  void show(const std::string& text);

  std::string title_;
  bool shown_;
  bool lines_;  // of update_runs(): in a pipe
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_;
  double line_at_s_ = 10;  // when the next line in a pipe is due
};

}  // namespace lbsim::cli
