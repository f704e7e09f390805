#include "fairness/dns_upstream.hpp"

#include "algorithms/dns/factory.hpp"
#include "algorithms/dns/glibc.hpp"
#include "algorithms/dns/plain.hpp"
#include "fairness/clients.hpp"

namespace lbsim::fairness {
namespace {

using namespace algorithms;
using namespace algorithms::dns;

constexpr std::uint32_t kTtl = 5;
constexpr std::uint32_t kRegions = 16;

RecordTable table_of(const PoolConfig& pool) {
  std::vector<Record> records;
  for (const ServerConfig& server : pool.servers) {
    const auto address = server_address(static_cast<ServerId>(records.size()));
    records.push_back({server.name, Address::v4(address), server.weight});
  }
  return RecordTable(std::move(records));
}

LocationMap regions() {
  LocationMap map;
  for (std::uint32_t region = 0; region < kRegions; ++region) {
    Location place;
    place.longitude = -180.0 + 360.0 / kRegions * region;
    place.country = "c" + std::to_string(region);
    map.insert({Address::v4(region << 28), 4}, place);
  }
  return map;
}

// Two halves of the servers; each half of the clients prefers one.
void add_datacenters(AuthorityConfig& config, std::size_t servers) {
  config.datacenters = {{"east", {}, {}}, {"west", {}, {}}};
  for (std::size_t i = 0; i < servers; ++i) {
    config.datacenters[i < servers / 2 ? 0 : 1].addresses.push_back(static_cast<RecordIndex>(i));
  }
  config.networks = {{{Address::v4(0), 1}, {0, 1}}, {{Address::v4(1u << 31), 1}, {1, 0}}};
}

class DnsUpstream : public Upstream {
 public:
  DnsUpstream(const std::string& kind, const PoolConfig& pool)
      : table_(table_of(pool)),
        locations_(regions()),
        random_(pool.seed, "fairness.dns"),
        states_(table_.size()) {
    AuthorityConfig config;
    config.records = &table_;
    config.random = &random_;
    config.parameters = pool.parameters;
    config.owns_reverse.assign(table_.size(), true);
    for (std::size_t i = 0; i < table_.size(); ++i) {
      config.dnsdist_servers.push_back({1, "server-" + std::to_string(i)});
      config.places.emplace_back();
      config.places.back().longitude =
          -180.0 + 360.0 * static_cast<double>(i) / static_cast<double>(table_.size());
    }
    for (std::uint32_t region = 0; region < kRegions; ++region) {
      const auto record = static_cast<RecordIndex>(region % table_.size());
      config.by_service["c" + std::to_string(region)] = record;
    }
    config.services = {"%cc"};
    config.locations = kind == "gdnsd-geoip" ? nullptr : &locations_;
    add_datacenters(config, table_.size());
    authority_ = make_authority(kind, config);
    dnsdist_ = dynamic_cast<Dnsdist*>(authority_.get());
    publish();
  }

  Pick begin(const Request& request, Attempt& attempt, Time now) final {
    const Order answer = ask(query_of(request), now);
    if (answer.empty()) return Pick::none;
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(answers_.size()));
      answers_.emplace_back();
    }
    answers_[free_.back()] = {answer, 0};
    attempt = {answer[0], free_.back() + 1};
    free_.pop_back();
    return Pick::server;
  }

  Pick next(const Request&, Attempt& attempt, Result why, Time now) final {
    Asked& asked = answers_[attempt.memory - 1];
    if (++asked.at < asked.answer.size()) {
      attempt.server = asked.answer[asked.at];
      return Pick::server;
    }
    end(attempt, why, now);
    return Pick::none;
  }

  void end(Attempt& attempt, Result, Time) final {
    if (dnsdist_ != nullptr) dnsdist_->finished(answers_[attempt.memory - 1].answer[0]);
    free_.push_back(attempt.memory - 1);
    attempt = {};
  }
  void abandon(std::uint64_t, Time) final {}

  void set_health(ServerId server, bool up, Time now) final {
    authority_->set_state(static_cast<RecordIndex>(server), up, now);
  }
  void set_admin(ServerId server, AdminState state, Time) final {
    states_[server] = state;
    publish();
  }
  void set_weight(ServerId, int, Time) final {}

  std::size_t size() const final { return table_.size(); }
  std::string describe() const final { return authority_->describe(); }

 protected:
  virtual Order ask(const Query& query, Time now) { return authority_->answer(query, now).order; }

  const RecordTable& table() const { return table_; }
  Random& random() { return random_; }
  Authority& authority() { return *authority_; }

 private:
  struct Asked {
    Order answer;
    std::size_t at = 0;
  };

  static Query query_of(const Request& request) {
    Query query;
    query.source = request.client;
    query.name = request.target;
    query.id = static_cast<std::uint16_t>(request.client_port ^ request.client.v4_host_order());
    return query;
  }

  void publish() {
    std::vector<RecordIndex> listed;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i] == AdminState::ready) listed.push_back(static_cast<RecordIndex>(i));
    }
    authority_->set_records(listed, kTtl);
  }

  RecordTable table_;
  LocationMap locations_;
  Random random_;
  std::vector<AdminState> states_;
  std::unique_ptr<Authority> authority_;
  Dnsdist* dnsdist_ = nullptr;
  std::vector<Asked> answers_;  // by Attempt::memory - 1
  std::vector<std::uint32_t> free_;
};

PoolConfig without_parameters(PoolConfig pool) {
  pool.parameters.clear();
  return pool;
}

// One resolver that everybody asks.
class CachedUpstream final : public DnsUpstream {
 public:
  CachedUpstream(const std::string& kind, const PoolConfig& pool)
      : DnsUpstream("fixed", without_parameters(pool)),
        maker_(cache_maker(kind, pool.parameters, table(), random())),
        cache_(maker_()) {}

 private:
  Order ask(const Query& query, Time now) override {
    Answer answer;
    const Lookup found = cache_->lookup(query, now, answer);
    if (found == Lookup::hit) return answer.order;
    const Answer fetched = authority().answer(query, now);
    cache_->fill(fetched, now);
    return found == Lookup::miss ? cache_->forward(query, fetched, now).order : answer.order;
  }

  CacheMaker maker_;  // outlives the cache, whose options it holds
  std::unique_ptr<ResolverCache> cache_;
};

// Hosts with an IPv4 address only, behind a server that shuffles.
class StubUpstream final : public DnsUpstream {
 public:
  explicit StubUpstream(const PoolConfig& pool)
      : DnsUpstream("shuffled", pool), sorter_(table(), sources(table().size()), false) {}

 private:
  static std::vector<std::optional<Prefix>> sources(std::size_t count) {
    return std::vector<std::optional<Prefix>>(count, Prefix{Address::v4(0x0a800001u), 8});
  }
  Order ask(const Query& query, Time now) override {
    return sorter_.sorted(authority().answer(query, now).order);
  }

  GlibcSorter sorter_;
};

}  // namespace

std::unique_ptr<Upstream> make_dns_upstream(const std::string& kind, const PoolConfig& config) {
  if (kind == "glibc") return std::make_unique<StubUpstream>(config);
  for (const char* cache : {"unbound", "dnsmasq", "bind-cache", "recursor"}) {
    if (kind == cache) return std::make_unique<CachedUpstream>(kind, config);
  }
  return std::make_unique<DnsUpstream>(kind, config);
}

}  // namespace lbsim::fairness
