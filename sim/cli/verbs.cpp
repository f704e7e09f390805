#include "cli/verbs.hpp"

#include <algorithm>

namespace lbsim::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = {
      run_verb(),         //
      compare_verb(),     //
      sweep_verb(),       //
      plan_verb(),        //
      ladder_verb(),      //
      check_verb(),       //
      calibrate_verb(),   //
      conform_verb(),     //
      theory_verb(),      //
      validate_verb(),    //
      fairness_verb(),    //
      log_verb(),         //
      algorithms_verb(),  //
      scenarios_verb(),   //
      schema_verb(),      //
  };
  return all;
}

bool is_of_a_later_version(const std::string& word) {
  static const std::vector<std::string> kLater = {"import"};
  return std::find(kLater.begin(), kLater.end(), word) != kLater.end();
}

}  // namespace lbsim::cli
