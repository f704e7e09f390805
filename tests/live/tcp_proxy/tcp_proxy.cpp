// A TCP proxy on loopback that picks servers as lbsim does:
//   tcp_proxy FAMILY/METHOD PORT [WEIGHT@]PORT...
// It listens on the first port and relays each connection to one of the others. Each pick is a line
// on stdout: the number of the server, then the tries that failed before it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <string>

#include "algorithms/algorithm.hpp"

using namespace lbsim;
using namespace lbsim::algorithms;

namespace {

Time now() {
  return kTimeZero +
         std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Bytes on their way from one socket to another.
struct Half {
  int from = -1;
  int to = -1;
  std::string waiting;
  bool ended = false;   // `from` says no more
  bool closed = false;  // and `to` was told

  short wants_from() const { return !ended && waiting.size() < 65536 ? POLLIN : 0; }
  short wants_to() const { return waiting.empty() ? 0 : POLLOUT; }

  // False: the connection is lost.
  bool move() {
    char bytes[16384];
    if (wants_from()) {
      const ssize_t n = recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN) return false;
      if (n > 0) waiting.append(bytes, static_cast<std::size_t>(n));
      ended = n == 0;
    }
    if (!waiting.empty()) {
      const ssize_t n = send(to, waiting.data(), waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0 && errno != EAGAIN) return false;
      if (n > 0) waiting.erase(0, static_cast<std::size_t>(n));
    }
    if (ended && waiting.empty() && !closed) closed = shutdown(to, SHUT_WR) == 0 || true;
    return true;
  }
};

struct Relay {
  Half up;    // client to server
  Half down;  // server to client
  Attempt attempt;
};

class Proxy {
 public:
  Proxy(const AlgorithmSpec& spec, PoolConfig config, std::vector<int> ports, int listener)
      : pool_(spec.make(config)), ports_(std::move(ports)), listener_(listener) {}

  void run() {
    for (;;) {
      std::vector<pollfd> fds = {{listener_, POLLIN, 0}};
      for (const Relay& r : relays_) {
        const auto want = [](short in, short out) { return static_cast<short>(in | out); };
        fds.push_back({r.up.from, want(r.up.wants_from(), r.down.wants_to()), 0});
        fds.push_back({r.up.to, want(r.down.wants_from(), r.up.wants_to()), 0});
      }
      if (poll(fds.data(), fds.size(), -1) < 0) continue;
      for (auto relay = relays_.begin(); relay != relays_.end();) {
        const bool alive = relay->up.move() && relay->down.move();
        const bool over = relay->up.closed && relay->down.closed;
        relay = alive && !over ? std::next(relay) : finish(relay, alive);
      }
      if (fds[0].revents & POLLIN) accept_one();
    }
  }

 private:
  void accept_one() {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int client = accept(listener_, reinterpret_cast<sockaddr*>(&peer), &size);
    if (client < 0) return;
    Request request;
    request.client = Address::v4(ntohl(peer.sin_addr.s_addr));
    request.client_port = ntohs(peer.sin_port);
    Attempt attempt;
    std::string failed;
    Pick pick = pool_->begin(request, attempt, now());
    while (pick == Pick::server) {
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in address = loopback(ports_[attempt.server]);
      // Loopback connects or refuses at once; elsewhere this would have to be waited for.
      if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        std::printf("%u%s\n", attempt.server, failed.c_str());
        relays_.push_back(
            {{client, server, "", false, false}, {server, client, "", false, false}, attempt});
        return;
      }
      close(server);
      failed += ' ' + std::to_string(attempt.server);
      pick = pool_->next(request, attempt, Result::refused, now());
    }
    if (pick == Pick::queued) pool_->abandon(request.ticket, now());
    std::printf("-%s\n", failed.c_str());
    close(client);
  }

  std::list<Relay>::iterator finish(std::list<Relay>::iterator relay, bool well) {
    close(relay->up.from);
    close(relay->up.to);
    pool_->end(relay->attempt, well ? Result::ok : Result::reset, now());
    return relays_.erase(relay);
  }

  std::unique_ptr<Upstream> pool_;
  std::vector<int> ports_;
  int listener_;
  std::list<Relay> relays_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::fputs("tcp_proxy FAMILY/METHOD PORT [WEIGHT@]PORT...\n", stderr), 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string method = argv[1];
  const std::size_t slash = method.find('/');
  const AlgorithmSpec* spec = find_algorithm(method.substr(0, slash), method.substr(slash + 1));
  if (!spec || !spec->make) return std::fprintf(stderr, "no method %s\n", argv[1]), 2;
  PoolConfig config;
  std::vector<int> ports;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t at = word.find('@');
    ports.push_back(std::atoi(word.c_str() + (at == std::string::npos ? 0 : at + 1)));
    ServerConfig server;
    server.name = "server" + std::to_string(i - 2);
    server.address = "127.0.0.1:" + std::to_string(ports.back());
    if (at != std::string::npos) server.weight = std::atoi(word.c_str());
    config.servers.push_back(server);
  }
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(std::atoi(argv[2]));
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 128) != 0) {
    return std::perror("tcp_proxy"), 1;
  }
  std::puts("listening");
  Proxy(*spec, std::move(config), std::move(ports), listener).run();
}
