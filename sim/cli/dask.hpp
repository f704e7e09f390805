// Runs on the workers of a Dask cluster: each calls `lbsim run ... --json -` of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lbsim::cli {

struct DaskRun {
  std::size_t index = 0;
  std::vector<std::string> arguments;  // of lbsim
};

// Starts Python with bindings/lbsim/dask_sweep.py, which hands the runs to the scheduler at
// `address`. `ended` is called with what each run wrote, in the order of their ends; `stops` is
// asked meanwhile, and true leaves the rest. Throws InputError if there is no scheduler or a run
// fails.
void run_on_dask(const std::string& address, const std::vector<DaskRun>& runs,
                 const std::function<void(std::size_t index, const std::string& json)>& ended,
                 const std::function<bool()>& stops);

}  // namespace lbsim::cli
