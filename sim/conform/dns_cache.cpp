#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "algorithms/dns/factory.hpp"
#include "algorithms/dns/recursor_cache.hpp"
#include "conform/dns_subject.hpp"

namespace lbsim::conform {

using namespace algorithms::dns;

namespace {

// Late enough for a cache filled before it.
constexpr Time kRecordingStart = kTimeZero + seconds(1'000'000);

// "--max-cache-ttl=2", "--no-round-robin": those that the cache knows.
void add_options(const Field& options, algorithms::GivenParameters& parameters) {
  const auto& known = algorithms::find_algorithm("dns", "dnsmasq")->parameters;
  for (const std::string& option : options.strings()) {
    if (!option.starts_with("--")) continue;
    const std::size_t equals = option.find('=');
    const std::string name = option.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (std::none_of(known.begin(), known.end(), [&](const auto& p) { return p.name == name; })) {
      continue;
    }
    const std::string alone = name == "use-stale-cache" ? "86400" : "yes";
    parameters[name] = equals == std::string::npos ? alone : option.substr(equals + 1);
  }
}

// The catalog's name of the resolver.
std::string client_kind(const DnsTrace& trace) {
  if (trace.balancer == "powerdns-recursor") return "recursor";
  return trace.balancer == "bind9" ? "bind-cache" : trace.balancer;
}

class CacheSubject : public DnsSubject {
 public:
  CacheSubject(const DnsSetup& setup, double phase_s) : setup_(setup), phase_s_(phase_s) {
    for (const DnsEvent& event : setup.trace.events) {
      if (event.unix_s && !unix_start_s_) unix_start_s_ = event.unix_s;
      has_set_records_ = has_set_records_ || event.action == DnsAction::set_records;
    }
    const Field negative_ttl = setup.trace.config.find("authority_negative_ttl");
    if (!negative_ttl.absent()) negative_ttl_s_ = negative_ttl.whole_seconds();
  }

  DnsSeen query(const DnsEvent& event) override;
  void apply(const DnsEvent& event) override;
  std::string describe() const override { return last_ ? last_->cache->describe() : "empty"; }

 private:
  struct Content {
    std::vector<std::string> records;
    std::uint32_t ttl_s = 0;
  };
  // One name and type in the resolver.
  struct Name {
    CacheMaker maker;
    std::unique_ptr<ResolverCache> cache;
    bool refresh_pending = false;  // sent while the authority was down
  };

  Name& name_of(const DnsEvent& event);
  Name make_name(const DnsEvent& event) const;
  bool is_full_before(const DnsEvent& event) const;
  void fill_before_recording(const DnsEvent& event, Name& name);
  Answer fetch(const DnsEvent& event) const;
  DnsSeen miss(const DnsEvent& event, const Query& query, Name& name);
  Time time_of(const DnsEvent& event) const;

  DnsSetup setup_;
  double phase_s_;
  std::optional<std::int64_t> unix_start_s_;
  bool has_set_records_ = false;
  std::uint32_t negative_ttl_s_ = 3;
  bool authority_up_ = true;
  std::string only_name_;  // what queries without a name ask for
  std::map<std::string, Content> zone_;
  std::map<std::pair<std::string, std::string>, Name> names_;
  Name* last_ = nullptr;
};

Time CacheSubject::time_of(const DnsEvent& event) const {
  if (event.unix_s) {
    const std::int64_t passed_s = *event.unix_s - *unix_start_s_;
    if (passed_s < 0 || passed_s > 1'000'000) algorithms::reject("events.unix", "is out of range");
    return kTimeZero + seconds(passed_s);
  }
  const double t_s = event.t.value_or(0) + phase_s_;
  return kRecordingStart + milliseconds(std::llround(t_s * 1000));
}

CacheSubject::Name CacheSubject::make_name(const DnsEvent& event) const {
  const std::string kind = client_kind(setup_.trace);
  algorithms::GivenParameters parameters = known_settings(setup_.trace, kind);
  if (kind == "dnsmasq") add_options(setup_.trace.config.at("options"), parameters);
  if (kind == "unbound" && unix_start_s_) {
    parameters["wall-clock-start"] = std::to_string(*unix_start_s_);
  }
  if (kind == "bind-cache") {
    // Somebody's query filled a cache that is full at the first answer, and moved its counter on.
    const std::size_t earlier = is_full_before(event) ? event.answer.size() - 1 : 0;
    parameters["start"] = std::to_string(rotation_start(setup_, event.answer) + earlier);
    parameters["rrset-order"] = bind_order(setup_.trace);
  }
  Name name;
  name.maker = cache_maker(kind, parameters, setup_.table, setup_.random);
  name.cache = name.maker();
  return name;
}

CacheSubject::Name& CacheSubject::name_of(const DnsEvent& event) {
  const auto key = std::make_pair(event.name.empty() ? only_name_ : event.name, event.type);
  const auto found = names_.find(key);
  if (found != names_.end()) return found->second;
  Name& name = names_.emplace(key, make_name(event)).first->second;
  if (!has_set_records_) fill_before_recording(event, name);
  return name;
}

// A trace without the authority's content may start with a full cache, filled so long ago as the
// first TTL shows.
bool CacheSubject::is_full_before(const DnsEvent& event) const {
  return !has_set_records_ && event.upstream == 0 && !event.ttl.empty() && !event.answer.empty();
}

void CacheSubject::fill_before_recording(const DnsEvent& event, Name& name) {
  const std::uint32_t ttl_s = setup_.trace.config.at("upstream_ttl").whole_seconds();
  zone_[event.name] = {event.answer, ttl_s};
  if (!is_full_before(event)) return;
  const Time fetched_at = time_of(event) - seconds(ttl_s - event.ttl[0]);
  const Answer fetched = fetch(event);
  name.cache->fill(fetched, fetched_at);
  name.cache->forward(Query(), fetched, fetched_at);
}

Answer CacheSubject::fetch(const DnsEvent& event) const {
  Answer answer;
  const auto content = zone_.find(event.name.empty() ? only_name_ : event.name);
  if (content != zone_.end()) {
    for (const RecordIndex record : setup_.order(content->second.records)) {
      if (setup_.table[record].address.v6 == (event.type == "AAAA")) {
        answer.order.push_back(record);
      }
    }
  }
  answer.rcode = content == zone_.end() ? Rcode::name_error : Rcode::no_error;
  answer.ttl_s = answer.negative() ? negative_ttl_s_ : content->second.ttl_s;
  return answer;
}

DnsSeen seen(const Answer& answer, std::int64_t upstream) {
  DnsSeen result;
  result.order = answer.order;
  result.ttl_s = answer.ttl_s;
  result.rcode = static_cast<std::int64_t>(answer.rcode);
  result.upstream = upstream;
  return result;
}

DnsSeen CacheSubject::miss(const DnsEvent& event, const Query& query, Name& name) {
  const Time now = time_of(event);
  if (!authority_up_) {
    name.cache->fetch_failed(now);
    Answer failure;
    failure.rcode = Rcode::server_failure;
    return seen(failure, 1);
  }
  const Answer fetched = fetch(event);
  name.cache->fill(fetched, now);
  return seen(name.cache->forward(query, fetched, now), 1);
}

DnsSeen CacheSubject::query(const DnsEvent& event) {
  Name& name = name_of(event);
  last_ = &name;
  const Time now = time_of(event);
  // The resolver repeats an unanswered refresh; the authority has answered by the next query.
  if (name.refresh_pending && authority_up_) {
    name.cache->fill(fetch(event), now);
    name.refresh_pending = false;
  }
  Query query;
  query.id = static_cast<std::uint16_t>(event.qid);
  query.name = event.name;
  Answer answer;
  const Lookup lookup = name.cache->lookup(query, now, answer);
  DnsSeen result = lookup == Lookup::miss ? miss(event, query, name) : seen(answer, 0);
  if (lookup == Lookup::hit_and_refresh) {
    // dnsmasq's refresh reaches the authority only after the client has its answer.
    result.upstream = setup_.trace.balancer == "dnsmasq" ? 0 : 1;
    if (authority_up_) {
      name.cache->fill(fetch(event), now);
    } else {
      name.refresh_pending = true;
    }
  }
  if (const auto* recursor = dynamic_cast<const RecursorCache*>(name.cache.get())) {
    result.shuffled = recursor->composed();
  }
  return result;
}

void CacheSubject::apply(const DnsEvent& event) {
  if (event.action == DnsAction::authority_down) authority_up_ = false;
  if (event.action == DnsAction::authority_up) authority_up_ = true;
  if (event.action != DnsAction::set_records) return;
  zone_[event.name] = {event.records, static_cast<std::uint32_t>(event.ttl[0])};
  only_name_ = event.name;
}

}  // namespace

bool is_cache_trace(const DnsTrace& trace) {
  if (trace.balancer == "unbound" || trace.balancer == "powerdns-recursor") return true;
  if (trace.balancer == "dnsmasq") {
    const std::string algorithm = trace.algorithm.string();
    return algorithm != "hosts-file rotation" && algorithm != "host-record";
  }
  return trace.balancer == "bind9" &&
         trace.config.find("role").string_or("") == "caching forwarder";
}

std::unique_ptr<DnsSubject> cache_subject(const DnsSetup& setup, double phase_s) {
  return std::make_unique<CacheSubject>(setup, phase_s);
}

}  // namespace lbsim::conform
