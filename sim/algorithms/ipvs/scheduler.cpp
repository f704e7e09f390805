#include "algorithms/ipvs/scheduler.hpp"

#include <algorithm>

namespace lbsim::algorithms::ipvs {

bool SchedulerSetup::has_flag(std::string_view flag) const {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerSetup& setup) {
  static constexpr struct {
    std::string_view name;
    std::unique_ptr<Scheduler> (*make)(const SchedulerSetup&);
  } kSchedulers[] = {
      {"rr", make_rr},     {"wrr", make_wrr},     {"lc", make_lc}, {"wlc", make_wlc},
      {"lblc", make_lblc}, {"lblcr", make_lblcr}, {"dh", make_dh}, {"sh", make_sh},
      {"mh", make_mh},     {"sed", make_sed},     {"nq", make_nq}, {"fo", make_fo},
      {"ovf", make_ovf},   {"twos", make_twos},
  };
  for (const auto& scheduler : kSchedulers) {
    if (scheduler.name == name) return scheduler.make(setup);
  }
  return nullptr;
}

}  // namespace lbsim::algorithms::ipvs
