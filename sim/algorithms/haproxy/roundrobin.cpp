// balance roundrobin: weighted round robin with weights that may change at any time. Looks at
// weights, at free slots, and at its own turn. O(log servers) per pick.
//
// Time is counted in picks. A turn is as long as the sum of the weights, and each server has a
// position at which it is due next; what does not fit into the present turn waits, by decreasing
// weight, for the next one. Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include <string>
#include <utility>
#include <vector>

#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/ordered.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr std::uint32_t kMaxWeight = 4096;

// Where a server is due: in this turn (by position), or in one of two heaps that take turns at
// being the one of servers not yet seen in this turn and the one of servers that are done with it.
enum class Tree : std::uint8_t { even, odd, current, none };

struct Place {
  int due = 0;   // 0: not seen in this turn
  int last = 0;  // where it was due before
  int rest = 0;  // remainder of the divisions by the weight
  Tree tree = Tree::none;
};

// Active and backup servers have turns of their own.
class Group {
 public:
  Group(const Servers& servers, std::vector<Place>& places)
      : servers_(servers), places_(places), trees_(3, OrderedServers(servers.size())) {}

  ServerId pick(ServerId avoid);
  void add(ServerId s);
  void remove(ServerId s, std::uint32_t old_weight);
  void reweigh(ServerId s, std::uint32_t old_weight);
  void start() { pos_ = weight_ = next_weight_; }
  void put_by_weight(ServerId s, Tree tree) { put(s, tree, kMaxWeight - servers_[s].weight); }
  Tree fresh() const { return fresh_; }
  void grow(std::uint32_t weight) { next_weight_ += static_cast<int>(weight); }
  std::string describe() const {
    return "position " + std::to_string(pos_) + ", weight of turn " + std::to_string(weight_) +
           ", of next " + std::to_string(next_weight_);
  }

 private:
  Tree done() const { return fresh_ == Tree::even ? Tree::odd : Tree::even; }
  OrderedServers& tree(Tree t) { return trees_[static_cast<std::size_t>(t)]; }
  int weight(ServerId s) const { return static_cast<int>(servers_[s].weight); }
  void put(ServerId s, Tree to, std::uint32_t key);
  void take_out(ServerId s);
  ServerId next_due();
  void advance(ServerId s);
  void requeue(ServerId s);
  void put_back(ServerId picked, bool switched);

  const Servers& servers_;
  std::vector<Place>& places_;
  std::vector<OrderedServers> trees_;
  std::vector<ServerId> passed_over_;
  Tree fresh_ = Tree::even;
  int pos_ = 0;
  int weight_ = 0;       // of the present turn
  int next_weight_ = 0;  // of the next one: what the servers weigh now
};

void Group::put(ServerId s, Tree to, std::uint32_t key) {
  Place& place = places_[s];
  if (place.tree != to) take_out(s);
  tree(to).insert(s, key);
  place.tree = to;
}

void Group::take_out(ServerId s) {
  if (places_[s].tree == Tree::none) return;
  tree(places_[s].tree).erase(s);
  places_[s].tree = Tree::none;
}

ServerId Group::next_due() {
  const ServerId current = tree(Tree::current).first();
  if (current != kNoServer && places_[current].due <= pos_) return current;
  const ServerId fresh = tree(fresh_).first();
  if (fresh == kNoServer) return current;
  places_[fresh].due = places_[fresh].rest = 0;
  return fresh;
}

void Group::advance(ServerId s) {
  Place& place = places_[s];
  if (place.due == 0) place.due = pos_;
  place.last = place.due;
  place.due += next_weight_ / weight(s);
  place.rest += next_weight_ % weight(s);
  if (place.rest >= weight(s)) {
    place.rest -= weight(s);
    ++place.due;
  }
  ++pos_;
}

void Group::requeue(ServerId s) {
  Place& place = places_[s];
  if (place.due >= 2 * weight_ || place.due >= weight_ + next_weight_) {
    place.due -= weight_;
    put_by_weight(s, done());
    return;
  }
  const auto fine =
      static_cast<std::uint32_t>(static_cast<int>(kMaxWeight) + place.rest - weight(s));
  put(s, Tree::current, 256U * static_cast<std::uint32_t>(place.due) + fine / 16);
}

ServerId Group::pick(ServerId avoid) {
  bool switched = false;
  bool seen_avoided = false;
  passed_over_.clear();
  if (weight_ == 0) start();
  while (true) {
    ServerId s = next_due();
    if (s == kNoServer && !switched) {
      switched = true;
      fresh_ = done();
      start();
      continue;
    }
    if (s == kNoServer) {
      if (!seen_avoided) break;
      s = avoid;
    }
    advance(s);
    if (!servers_.full(s)) {
      if (s != avoid || seen_avoided) {
        requeue(s);
        put_back(s, switched);
        return s;
      }
      seen_avoided = true;
    }
    take_out(s);
    passed_over_.push_back(s);
  }
  put_back(kNoServer, switched);
  return kNoServer;
}

// Servers that were passed over keep the places they would have as if used; after a change of turn
// these places mean nothing any more.
void Group::put_back(ServerId picked, bool switched) {
  while (!passed_over_.empty()) {
    const ServerId s = passed_over_.back();
    passed_over_.pop_back();
    if (s == picked) continue;
    if (switched)
      put_by_weight(s, fresh_);
    else
      requeue(s);
  }
}

void Group::add(ServerId s) {
  next_weight_ += weight(s);
  places_[s].due = pos_ + (next_weight_ + weight_ - pos_) / weight(s);
  requeue(s);
}

void Group::remove(ServerId s, std::uint32_t old_weight) {
  next_weight_ -= static_cast<int>(old_weight);
  take_out(s);
}

void Group::reweigh(ServerId s, std::uint32_t old_weight) {
  next_weight_ += weight(s) - static_cast<int>(old_weight);
  Place& place = places_[s];
  if (place.tree == fresh_) return put_by_weight(s, fresh_);
  if (place.tree == done()) place.due += weight_;
  const int step = next_weight_ / weight(s);
  place.due = std::min(place.due, place.last + step);
  place.rest = 0;
  if (place.due < pos_ + 2) place.due = pos_ + step;
  requeue(s);
}

class RoundRobin : public PickRule {
 public:
  explicit RoundRobin(const Servers& servers)
      : PickRule(servers, {.trusts_queue = true, .any_server_will_do = true}),
        places_(servers.size()),
        groups_{{servers, places_}, {servers, places_}} {
    for (ServerId s = 0; s < servers.size(); ++s) {
      if (!servers[s].usable) continue;
      group(s).grow(servers[s].weight);
      group(s).put_by_weight(s, group(s).fresh());
    }
    for (Group& g : groups_) g.start();
  }

  ServerId pick(const Key&, ServerId avoid) override {
    if (servers_.serving() == Servers::Serving::first_backup) return servers_.first_backup();
    return groups_[servers_.serving() == Servers::Serving::active ? 0 : 1].pick(avoid);
  }

  void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) override {
    const bool usable = servers_[s].usable;
    if (usable && !was_usable) group(s).add(s);
    if (!usable && was_usable) group(s).remove(s, old_weight);
    if (usable && was_usable) group(s).reweigh(s, old_weight);
  }

  std::string describe(ServerId s) const override {
    static constexpr const char* kTrees[] = {"even", "odd", "current", "none"};
    const Place& place = places_[s];
    return "due " + std::to_string(place.due) + " last " + std::to_string(place.last) + " rest " +
           std::to_string(place.rest) + " tree " + kTrees[static_cast<std::size_t>(place.tree)];
  }

  std::string describe() const override {
    return "active: " + groups_[0].describe() + "; backup: " + groups_[1].describe();
  }

 private:
  Group& group(ServerId s) { return groups_[servers_[s].backup ? 1 : 0]; }

  std::vector<Place> places_;
  Group groups_[2];
};

}  // namespace

AlgorithmSpec roundrobin_spec() {
  return backend_spec("roundrobin", "weighted round robin whose weights may change at any time", {},
                      [](const Servers& servers, const Parameters&) -> std::unique_ptr<PickRule> {
                        return std::make_unique<RoundRobin>(servers);
                      });
}

}  // namespace lbsim::algorithms::haproxy
