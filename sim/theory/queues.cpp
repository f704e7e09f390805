// One server tier, reached directly: M/M/1 and its relatives, first come first served or sharing,
// with room for all or for some.
#include "planning/queueing.hpp"
#include "theory/experiment.hpp"

namespace lbsim::theory {
namespace {

constexpr int kServersMost = 10'000;

struct Queue {
  double arrivals = 0;
  double mean_s = 1;  // of the entry's seconds
  int servers = 1;
  int capacity = 0;  // 0: no limit
  Distribution service;
  kernel::Discipline discipline = kernel::Discipline::fifo;
};

Queue queue_of(const conform::Field& p) {
  Queue queue;
  queue.arrivals = positive_number(p, "lambda");
  if (p.has("mean_service")) queue.mean_s = positive_number(p, "mean_service");
  if (p.has("mu")) queue.mean_s = 1 / positive_number(p, "mu");
  for (const char* name : {"servers", "cores"}) {
    if (p.has(name)) queue.servers = whole_number(p, name, 1, kServersMost);
  }
  if (p.has("capacity")) queue.capacity = whole_number(p, "capacity", queue.servers, 1'000'000);
  queue.service = service_law(p, "service", queue.mean_s * kSecond);
  const double load = queue.arrivals * queue.mean_s / queue.servers;
  if (queue.capacity == 0 && load >= 1) p.at("lambda").fail("is more than the servers can do");
  return queue;
}

Answers simulate_queue(const Queue& queue, const Entry& entry, const Effort& effort) {
  TierConfig tier = server_tier({server_of(1, queue.servers)});
  auto& servers = std::get<ServerTierConfig>(tier.device);
  servers.discipline = queue.discipline;
  if (queue.capacity > 0) {
    servers.backlog = static_cast<std::uint32_t>(queue.capacity - queue.servers);
  }
  Experiment e = experiment({tier}, queue.arrivals / kSecond, queue.service);
  e.site.seed = seed_of(entry);
  Sample sample;
  run_sampled(e, effort, sample);
  Answers answers = quantities_of(entry, sample, effort);
  // Where nobody waits, it does not depend on the service law.
  const bool known = queue.service.law == Law::exponential || queue.capacity == queue.servers;
  if (queue.capacity > 0 && known) {
    const double offered = queue.arrivals * queue.mean_s;
    const double refused = planning::share_refused(queue.servers, queue.capacity, offered);
    answers["carried_load"] = found(offered * (1 - refused));
    answers["carried_load"].note = "computed, as the entry asks for 1e-9; p_block is simulated";
  }
  return answers;
}

}  // namespace

Work prepare_queue(const Entry& entry) {
  const Queue queue = queue_of(entry.parameters);
  return [queue, &entry](const Effort& effort) { return simulate_queue(queue, entry, effort); };
}

Work prepare_sharing(const Entry& entry) {
  Queue queue = queue_of(entry.parameters);
  queue.discipline = kernel::Discipline::ps;
  return [queue, &entry](const Effort& effort) { return simulate_queue(queue, entry, effort); };
}

}  // namespace lbsim::theory
