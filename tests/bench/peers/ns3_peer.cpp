// The model as events of ns-3's scheduler: what a request costs there at least, without its
// network.
#include <ns3/simulator.h>

#include <deque>
#include <vector>

#include "model.hpp"

namespace {

using lbsim::bench::Draws;
using ns3::Seconds;
using ns3::Simulator;

class Farm {
 public:
  explicit Farm(std::uint64_t requests) : left_(requests), queues_(lbsim::bench::kServers) {}

  void arrive() {
    std::deque<double>& queue = queues_[static_cast<std::size_t>(draws_.server())];
    queue.push_back(Simulator::Now().GetSeconds());
    if (queue.size() == 1) start(&queue);
    if (--left_ > 0) Simulator::Schedule(Seconds(draws_.gap_s()), &Farm::arrive, this);
  }
  double stay_s() const { return stay_s_; }

 private:
  void start(std::deque<double>* queue) {
    Simulator::Schedule(Seconds(draws_.service_s()), &Farm::finish, this, queue);
  }
  void finish(std::deque<double>* queue) {
    stay_s_ += Simulator::Now().GetSeconds() - queue->front();
    queue->pop_front();
    if (!queue->empty()) start(queue);
  }

  Draws draws_;
  std::uint64_t left_;
  std::vector<std::deque<double>> queues_;
  double stay_s_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t requests = lbsim::bench::requests_of(argc, argv);
  Farm farm(requests);
  const lbsim::bench::Stopwatch watch;
  Simulator::ScheduleNow(&Farm::arrive, &farm);
  Simulator::Run();
  const double cpu_s = watch.cpu_s();
  lbsim::bench::print("ns-3 " LBSIM_PEER_VERSION, static_cast<double>(requests), cpu_s,
                      static_cast<double>(Simulator::GetEventCount()),
                      farm.stay_s() / static_cast<double>(requests));
  Simulator::Destroy();
}
