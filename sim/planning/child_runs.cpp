#include "planning/child_runs.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

#include "core/check.hpp"
#include "planning/child_process.hpp"

namespace lbsim::planning {
namespace {

constexpr int kPollMs = 100;
constexpr int kPatiencePolls = 50;  // of runs that were asked to end: 5 s

class ChildPool {
 public:
  ChildPool(const std::vector<ChildRun>& runs, const ChildRunsOptions& options)
      : runs_(runs),
        options_(options),
        jobs_(options.jobs == 0 ? cores_of_this_machine() : options.jobs),
        reports_(runs.size()) {}

  std::vector<std::optional<RunReport>> run() {
    while (!children_.empty() || (!stopping_ && next_ < runs_.size())) {
      while (!stopping_ && next_ < runs_.size() && children_.size() < jobs_) {
        children_.push_back(std::make_unique<ChildProcess>(
            next_, [this](const auto& watch) { return report(watch); }));
        ++next_;
      }
      wait();
      for (std::size_t i = children_.size(); i-- > 0;) {
        if (children_[i]->is_over()) end(i);
      }
      if (options_.progress) options_.progress(done());
      if (!stopping_ && options_.stops && options_.stops()) stop();
    }
    return std::move(reports_);
  }

 private:
  // In the child.
  RunReport report(const std::function<bool(const Progress&)>& watch) const {
    const ChildRun& run = runs_[next_];
    const RunResult result = run.run(watch);
    RunReport report = report_of(result);
    if (run.measure) report.measured = run.measure(result);
    return report;
  }

  void wait() {
    std::vector<pollfd> ends;
    for (const auto& child : children_) ends.push_back({child->fd(), POLLIN, 0});
    const int ready = poll(ends.data(), ends.size(), kPollMs);
    if (ready == 0 && stopping_ && ++patience_ > kPatiencePolls) {
      for (const auto& child : children_) child->kill();
    }
    for (std::size_t i = 0; ready > 0 && i < ends.size(); ++i) {
      if (ends[i].revents != 0) children_[i]->read_some();
    }
  }

  void end(std::size_t position) {
    const std::unique_ptr<ChildProcess> child = std::move(children_[position]);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(position));
    const std::size_t index = child->index();
    std::optional<RunReport> report = child->result(runs_[index].title, stopping_);
    if (!report) return;
    ++ended_;
    reports_[index] = std::move(report);
    if (options_.ended) options_.ended(index, *reports_[index]);
  }

  void stop() {
    stopping_ = true;
    for (const auto& child : children_) child->ask_to_end();
  }

  double done() const {
    double sum = static_cast<double>(ended_);
    for (const auto& child : children_) sum += child->share();
    return sum;
  }

  const std::vector<ChildRun>& runs_;
  const ChildRunsOptions& options_;
  std::size_t jobs_;
  std::size_t next_ = 0;
  std::size_t ended_ = 0;
  bool stopping_ = false;
  int patience_ = 0;
  std::vector<std::unique_ptr<ChildProcess>> children_;
  std::vector<std::optional<RunReport>> reports_;
};

}  // namespace

std::size_t cores_of_this_machine() { return std::max(1u, std::thread::hardware_concurrency()); }

std::vector<std::optional<RunReport>> run_in_children(const std::vector<ChildRun>& runs,
                                                      const ChildRunsOptions& options) {
  return ChildPool(runs, options).run();
}

}  // namespace lbsim::planning
