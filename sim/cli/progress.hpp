// How far a run is, on one line of a terminal; and Ctrl-C.
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
  void clear();

 private:
  std::string title_;
  bool shown_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace lbsim::cli
