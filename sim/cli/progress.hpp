// How far a run or a list of things is: on one line of a terminal, or in a pipe as a line of its
// own now and then; and Ctrl-C.
#pragma once

#include <chrono>
#include <string>

#include "site/run.hpp"

namespace lbsim::cli {

class ProgressLine {
 public:
  // `mode`: auto (on a terminal, and of work that takes longer than 10 s in a pipe), always (in a
  // pipe a line each second at first) or never. From now on the first Ctrl-C (or SIGTERM) ends the
  // run early; a second one, half a second later at the earliest, ends the program.
  ProgressLine(const std::string& mode, std::string title);
  ~ProgressLine();

  // False when the run is to end.
  bool update(const Progress& progress);
  // Of `all` things so many are done; `what` goes on.
  void update(std::size_t done, std::size_t all, const std::string& what);
  // Of `all` runs, or other `things`, so many are done, parts of them included.
  void update_runs(double done, std::size_t all, const char* things = "runs");
  // Of a search for which about so many points must be tested so many are, parts included.
  void update_points(double done, double about, const std::string& what);
  void clear();

 private:
  bool is_due();  // for another line
  double spent_s() const;
  // ", 12 s left" for work of which this share is done.
  std::string left_text(double share) const;
  void show(const std::string& text);

  std::string title_;
  bool on_terminal_;
  bool always_;
  bool never_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
  double due_at_s_;  // when the next line is due
};

}  // namespace lbsim::cli
