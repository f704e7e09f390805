// The model as a user of SimGrid writes it: an actor for each server, and one that is the users and
// the balancer.
#include <simgrid/version.h>

#include <deque>
#include <simgrid/s4u.hpp>
#include <vector>

#include "model.hpp"

namespace {

namespace s4u = simgrid::s4u;
using lbsim::bench::Draws;
using lbsim::bench::kServers;

struct Server {
  std::deque<double> queue;  // when each request came; below 0: no more will
  s4u::SemaphorePtr waiting = s4u::Semaphore::create(0);
};

void serve(Server* server, Draws* draws, double* stay_s) {
  while (true) {
    server->waiting->acquire();
    const double came = server->queue.front();
    if (came < 0) return;
    s4u::this_actor::execute(draws->service_s());
    *stay_s += s4u::Engine::get_clock() - came;
    server->queue.pop_front();
  }
}

void send(std::vector<Server>* servers, Draws* draws, std::uint64_t requests) {
  const auto hand = [](Server& server, double came) {
    server.queue.push_back(came);
    server.waiting->release();
  };
  for (std::uint64_t i = 0; i < requests; ++i) {
    hand((*servers)[static_cast<std::size_t>(draws->server())], s4u::Engine::get_clock());
    s4u::this_actor::sleep_for(draws->gap_s());
  }
  for (Server& server : *servers) hand(server, -1);
}

}  // namespace

int main(int argc, char** argv) {
  s4u::Engine engine(&argc, argv);
  const std::uint64_t requests = lbsim::bench::requests_of(argc, argv);
  auto* zone = s4u::create_full_zone("site");
  Draws draws;
  double stay_s = 0;
  std::vector<Server> servers(kServers);
  for (int i = 0; i < kServers; ++i) {
    auto* host = zone->create_host("server" + std::to_string(i), 1.0)->seal();
    s4u::Actor::create("server", host, serve, &servers[static_cast<std::size_t>(i)], &draws,
                       &stay_s);
  }
  auto* users = zone->create_host("users", 1.0)->seal();
  s4u::Actor::create("users", users, send, &servers, &draws, requests);
  zone->seal();
  const lbsim::bench::Stopwatch watch;
  engine.run();
  lbsim::bench::print("SimGrid " + std::to_string(SIMGRID_VERSION_MAJOR) + "." +
                          std::to_string(SIMGRID_VERSION_MINOR),
                      static_cast<double>(requests), watch.cpu_s(), 0,
                      stay_s / static_cast<double>(requests));
}
