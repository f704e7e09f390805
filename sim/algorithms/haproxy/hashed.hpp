// What the hashing methods share. Each of them says only where its input is in the request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "algorithms/haproxy/hash.hpp"
#include "algorithms/haproxy/rule.hpp"
#include "algorithms/haproxy/table.hpp"

namespace lbsim::algorithms::haproxy {

struct Hashing {
  HashType type;
  std::unique_ptr<Table> table;
};

class HashedRule : public PickRule {
 public:
  // A request without the input gets the next server of a walk over the table.
  ServerId pick(const Key& key, ServerId avoid) override {
    if (!key.missing) return hashing_.table->find(key.hash, avoid);
    const bool obvious = servers_.usable_count() == 1 && !looks_always_;
    return obvious ? hashing_.table->find(0, avoid) : hashing_.table->walk(avoid);
  }

  void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) override {
    hashing_.table->server_changed(s, old_weight, was_usable);
  }

  std::string describe() const override { return hashing_.table->describe(); }

 protected:
  // `looks_always`: the method searches its input even when there is no choice of servers.
  HashedRule(const Servers& servers, Hashing hashing, bool looks_always)
      : PickRule(servers, {.reads_request = true}),
        hashing_(std::move(hashing)),
        looks_always_(looks_always) {}

  Key key_of(std::string_view input) const { return {hashing_.type(input), false}; }
  Key key_of(const std::optional<std::string_view>& input) const {
    return input ? key_of(*input) : Key{};
  }
  const HashType& type() const { return hashing_.type; }

 private:
  Hashing hashing_;
  bool looks_always_;
};

}  // namespace lbsim::algorithms::haproxy
