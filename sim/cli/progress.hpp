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
  void clear();

 private:
  bool is_due();  // for another line
  void show(const std::string& text);

  std::string title_;
  bool shown_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace lbsim::cli
