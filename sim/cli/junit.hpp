// Test results as JUnit XML, which CI servers read.
#pragma once

#include <string>
#include <vector>

namespace lbsim::cli {

class Junit {
 public:
  explicit Junit(std::string suite) : suite_(std::move(suite)) {}

  // `failure`: what went wrong; empty if it passed.
  void add(std::string name, std::string failure) {
    cases_.push_back({std::move(name), std::move(failure)});
  }
  std::string text() const;

 private:
  struct Case {
    std::string name;
    std::string failure;
  };
  std::string suite_;
  std::vector<Case> cases_;
};

}  // namespace lbsim::cli
