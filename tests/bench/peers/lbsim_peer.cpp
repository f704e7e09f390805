// The model as a site of lbsim, on either kernel (a second argument, simgrid), with all that a
// request does there besides: a name, a connection, a balancer's process, a response.
// Or, with `bare`, the bare loop for as many requests (bare_loop.hpp).
#include "../bare_loop.hpp"
#include "model.hpp"
#include "theory/experiment.hpp"
#include "workload/page_arrivals.hpp"

namespace lbsim::bench {
namespace {

void measure(std::uint64_t requests, bool on_simgrid) {
  const std::vector<ServerGroupConfig> groups(kServers, theory::server_of(1));
  const theory::Experiment e =
      theory::experiment({theory::balancer("nginx", "random"), theory::server_tier(groups)},
                         kRatePerS, theory::distribution_of(Law::exponential, kServiceS));
  RunPlan plan;
  plan.kernel = on_simgrid ? KernelKind::simgrid : KernelKind::native;
  plan.site = e.site;
  plan.window = {.start_s = 0, .length_s = static_cast<double>(requests) / kRatePerS};
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(plan.site.workload, e.curve, plan.window, 1);
  };
  const RunResult r = run_site(plan);
  const std::string kernel = on_simgrid ? ", SimGrid kernel" : ", native kernel";
  print("lbsim " LBSIM_VERSION + kernel, static_cast<double>(r.recorder.generated_count()), r.cpu_s,
        static_cast<double>(r.events), r.recorder.latency().mean_s());
}

}  // namespace
}  // namespace lbsim::bench

int main(int argc, char** argv) {
  using namespace lbsim::bench;
  const std::uint64_t requests = requests_of(argc, argv);
  const std::string how = argc > 2 ? argv[2] : "native";
  if (how == "bare") {
    const double stay_s = kServiceS / (1 - kLoad);
    const double cpu_s = bare_loop_s(requests, kRatePerS, stay_s);
    print("bare loop", static_cast<double>(requests), cpu_s, 5.0 * static_cast<double>(requests),
          stay_s);
  } else {
    measure(requests, how == "simgrid");
  }
}
