#include "validation/ordered_picks.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

#include "core/check.hpp"

namespace lbsim::validation {
namespace {

using algorithms::Attempt;
using algorithms::kNoServer;
using algorithms::Pick;
using algorithms::Result;
using algorithms::ServerId;

constexpr std::int64_t kSlotFreedUs =
    20;  // HAProxy frees a slot so long after it read the response
constexpr std::int64_t kSwapWithinUs = 2;
constexpr std::int64_t kSentTogetherUs = 100;
constexpr std::size_t kSwapsMost = 1000;
constexpr std::size_t kCandidatesMost = 50;

struct Step {
  std::int64_t at_us = 0;
  bool is_pick = true;
  std::uint32_t request = 0;
};

std::int64_t pick_us(const RecordedRequest& request) {
  return request.sent_us + std::max<std::int64_t>(request.picked_us, 0);
}

// Ends before picks of the same microsecond.
std::vector<Step> steps_of(const RecordedRun& run) {
  std::vector<Step> steps;
  const std::int64_t fault_us = run.first_fault_us();
  for (std::uint32_t i = 0; i < run.requests.size(); ++i) {
    const RecordedRequest& request = run.requests[i];
    const std::int64_t picked_us = pick_us(request);
    if (picked_us >= fault_us) continue;
    steps.push_back({picked_us, true, i});
    const std::int64_t later_us = run.haproxy ? kSlotFreedUs : 0;
    steps.push_back({request.sent_us + request.answered_us + later_us, false, i});
  }
  std::erase_if(steps, [&](const Step& step) { return step.at_us >= fault_us; });
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.is_pick < b.is_pick;
  });
  return steps;
}

// The server of each request, in the order of the steps.
class Replayer {
 public:
  explicit Replayer(const RecordedRun& run)
      : run_(run),
        pool_(algorithm_of(run).make(pool_of(run))),
        attempts_(run.requests.size()),
        picked_(run.requests.size(), kNoServer),
        step_of_pick_(run.requests.size(), 0) {}

  void play(const std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const Time now = kTimeZero + microseconds(run_.second_phase_us + step.at_us);
      if (step.is_pick) {
        begin(step.request, i, now);
      } else {
        end(step.request, now);
      }
      for (const algorithms::Started& s : pool_->started()) {
        const auto request = static_cast<std::uint32_t>(s.ticket);
        attempts_[request].server = s.server;
        note(request, s.server, i);
      }
      pool_->started().clear();
    }
  }

  const std::vector<ServerId>& picked() const { return picked_; }
  // The step that picked, be it an end that let it out of the queue.
  std::size_t step_of_pick(std::size_t request) const { return step_of_pick_[request]; }

 private:
  void note(std::uint32_t request, ServerId server, std::size_t step) {
    picked_[request] = server;
    step_of_pick_[request] = step;
  }

  void begin(std::uint32_t number, std::size_t step, Time now) {
    algorithms::Request request;
    request.ticket = number;
    request.client = run_.requests[number].client;
    if (pool_->begin(request, attempts_[number], now) == Pick::server) {
      note(number, attempts_[number].server, step);
    }
  }

  void end(std::uint32_t number, Time now) {
    if (attempts_[number].server == kNoServer) return;  // it waits still, or nobody had it
    const bool error = run_.requests[number].status >= 500;
    pool_->end(attempts_[number], error ? Result::server_error : Result::ok, now);
    attempts_[number].server = kNoServer;
  }

  const RecordedRun& run_;
  std::unique_ptr<algorithms::Upstream> pool_;
  std::vector<Attempt> attempts_;
  std::vector<ServerId> picked_;
  std::vector<std::size_t> step_of_pick_;
};

std::int64_t server_of(const RecordedRequest& request, Which which) {
  return which == Which::first && !request.tried.empty() ? request.tried.front() : request.server;
}

bool agrees(const RecordedRun& run, const std::vector<ServerId>& picked, std::size_t i,
            Which which) {
  return static_cast<std::int64_t>(picked[i]) == server_of(run.requests[i], which);
}

bool agrees_as_pair(const RecordedRun& run, const std::vector<ServerId>& picked, std::size_t i,
                    Which which) {
  const RecordedRequest& a = run.requests[i];
  const RecordedRequest& b = run.requests[i + 1];
  return b.sent_us - a.sent_us <= kSentTogetherUs &&
         static_cast<std::int64_t>(picked[i]) == server_of(b, which) &&
         static_cast<std::int64_t>(picked[i + 1]) == server_of(a, which);
}

bool is_judged(const RecordedRun& run, const std::vector<ServerId>& picked, std::size_t i) {
  const RecordedRequest& request = run.requests[i];
  if (request.server == kUnknown || pick_us(request) >= run.first_fault_us()) return false;
  const bool waits_at_fault = run.queues() && picked[i] == kNoServer && !run.faults.empty();
  return !waits_at_fault;
}

// The first step after which the picks are not those of the recording.
std::size_t first_wrong_step(const RecordedRun& run, const Replayer& replayer, std::size_t none) {
  std::size_t first = none;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    if (replayer.picked()[i] == kNoServer || run.requests[i].server == kUnknown) continue;
    if (!agrees(run, replayer.picked(), i, Which::first))
      first = std::min(first, replayer.step_of_pick(i));
  }
  return first;
}

bool may_be_swapped(const Step& a, const Step& b) {
  return !a.is_pick && !b.is_pick && b.at_us - a.at_us <= kSwapWithinUs;
}

std::unique_ptr<Replayer> play(const RecordedRun& run, const std::vector<Step>& steps) {
  auto replayer = std::make_unique<Replayer>(run);
  replayer->play(steps);
  return replayer;
}

// Swaps the latest pair before the first wrong pick that moves this one further on; false if there
// is none.
bool explain_by_a_swap(const RecordedRun& run, std::vector<Step>& steps,
                       std::unique_ptr<Replayer>& replayer) {
  const std::size_t wrong = first_wrong_step(run, *replayer, steps.size());
  if (wrong == steps.size()) return false;
  std::size_t candidates = 0;
  for (std::size_t i = std::min(wrong + 1, steps.size() - 1); i-- > 0;) {
    if (!may_be_swapped(steps[i], steps[i + 1])) continue;
    if (++candidates > kCandidatesMost) return false;
    std::swap(steps[i], steps[i + 1]);
    auto again = play(run, steps);
    if (first_wrong_step(run, *again, steps.size()) > wrong) {
      replayer = std::move(again);
      return true;
    }
    std::swap(steps[i], steps[i + 1]);
  }
  return false;
}

}  // namespace

algorithms::PoolConfig pool_of(const RecordedRun& run) {
  algorithms::PoolConfig config;
  for (const RecordedServer& server : run.servers) {
    algorithms::ServerConfig member;
    member.name = server.name;
    member.weight = server.weight;
    member.max_conns = server.maxconn;
    member.max_fails = run.max_fails;
    member.fail_timeout_s = run.fail_timeout_s;
    config.servers.push_back(std::move(member));
  }
  config.parameters = run.parameters;
  if (run.random_seed) config.seed = *run.random_seed;
  return config;
}

const algorithms::AlgorithmSpec& algorithm_of(const RecordedRun& run) {
  const auto* spec = algorithms::find_algorithm(run.haproxy ? "haproxy" : "nginx", run.algorithm);
  LBSIM_CHECK(spec != nullptr);
  return *spec;
}

bool is_blind(const RecordedRun& run) {
  return run.algorithm == "round_robin" || run.algorithm == "roundrobin" ||
         run.algorithm == "ip_hash";
}

bool is_of_unknown_seed(const RecordedRun& run) {
  return !run.haproxy && run.algorithm.starts_with("random") && !run.random_seed;
}

bool picks_are_determined(const RecordedRun& run) {
  if (is_of_unknown_seed(run)) return false;
  return run.stamped || (is_blind(run) && !run.queues());
}

EqualPicks count_equal(const RecordedRun& run, const std::vector<ServerId>& picked, Which which,
                       bool pairs) {
  EqualPicks result;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    if (!is_judged(run, picked, i)) continue;
    ++result.of;
    const bool has_next = i + 1 < run.requests.size() && is_judged(run, picked, i + 1);
    if (agrees(run, picked, i, which)) {
      ++result.same;
    } else if (pairs && has_next && agrees_as_pair(run, picked, i, which)) {
      ++result.of;
      result.same += 2;
      ++i;
    } else if (!result.first_difference) {
      result.first_difference = i;
    }
  }
  return result;
}

OrderedPicks replay_in_order(const RecordedRun& run) {
  std::vector<Step> steps = steps_of(run);
  std::unique_ptr<Replayer> replayer = play(run, steps);
  std::size_t swaps = 0;
  if (run.queues()) {
    while (swaps < kSwapsMost && explain_by_a_swap(run, steps, replayer)) ++swaps;
  }
  return {count_equal(run, replayer->picked(), Which::first, !run.stamped), swaps};
}

}  // namespace lbsim::validation
