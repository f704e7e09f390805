#include <fmt/format.h>

#include "scenario/layer7_reader.hpp"

namespace lbsim::scenario {
namespace {

const char* const kLimitSource = "nginx, ngx_http_limit_req_module and ngx_http_limit_conn_module";

void read_rate(Reader& r, LimitConfig& limit) {
  std::optional<double> rate;
  r.rate("rate", rate,
         {.help = "Requests of one key, as nginx's limit_req takes them: a leaky bucket by the "
                  "millisecond.",
          .min = 0.001});
  algorithms::limits::LeakyBucketConfig bucket;
  r.integer("burst", bucket.burst,
            {.help = "Requests beyond the rate that are held back, not turned away.",
             .max = 1'000'000'000,
             .fallback = bucket.burst,
             .source = kLimitSource});
  r.integer("delay", bucket.delay,
            {.help = "Of the burst, requests that go on at once; the others wait until the rate "
                     "has room for them.",
             .max = 1'000'000'000,
             .fallback = bucket.delay,
             .source = kLimitSource});
  r.boolean("nodelay", bucket.nodelay,
            {.help = "All of the burst go on at once.", .fallback = bucket.nodelay});
  if (!rate) return;
  bucket.rate = static_cast<std::int64_t>(*rate * 1000 + 1e-6);  // nginx cuts off, too
  limit.requests = bucket;
}

void read_limit(Reader& r, LimitConfig& limit) {
  r.text("name", limit.name, {.help = "Of the limit, in results."});
  read_condition(r, limit.when);
  r.choice("key", limit.per_address,
           {{"address", true, "each client's address."}, {"server", false, "all together."}},
           {.help = "What is counted apart.", .fallback = true});
  read_rate(r, limit);
  r.count("connections", limit.connections,
          {.help = "Requests of one key that a machine works on at once, as limit_conn counts; 0: "
                   "no limit. What is too much is answered with 503 (rate_limited).",
           .max = 4'000'000'000,
           .fallback = limit.connections});
  if (!r.ok() || r.describing()) return;
  if (limit.requests.has_value() == (limit.connections > 0)) {
    r.fail("", limit.requests ? "limits two things" : "limits nothing",
           "give one of rate and connections");
  }
}

}  // namespace

void read_limits(Reader& r, Layer7Config& c) {
  c.limits.clear();
  r.tables("limits", [&](Reader& t) { read_limit(t, c.limits.emplace_back()); },
           {.help = "How much of some requests each machine takes.", .max_size = 12});
}

void read_cache(Reader& r, Layer7Config& c) {
  ProxyCacheConfig cache;
  const std::string source = "nginx, ngx_http_proxy_module";
  const bool there = r.optional_table(
      "cache",
      [&](Reader& t) {
        std::int64_t bytes = 0;
        t.size("size", bytes, {.help = "Bytes that each machine keeps (max_size).", .min = 1});
        cache.keep.bytes_max = static_cast<std::uint64_t>(bytes);
        t.duration("ttl", cache.keep.ttl,
                   {.help = "How long a response is good (proxy_cache_valid).",
                    .min = milliseconds(1),
                    .fallback = cache.keep.ttl,
                    .source = "an assumption; nginx keeps nothing unless a time is given"});
        t.duration("inactive", cache.keep.inactive,
                   {.help = "What nobody has asked for so long is removed.",
                    .min = milliseconds(1),
                    .fallback = cache.keep.inactive,
                    .source = source + ", proxy_cache_path: 10m"});
        t.boolean("lock", cache.keep.lock,
                  {.help = "Of what is not there one request at a time is sent to a server; the "
                           "others look again every 500 ms (proxy_cache_lock).",
                   .fallback = cache.keep.lock,
                   .source = source});
        t.duration("lock_timeout", cache.lock_timeout,
                   {.help = "Who has waited so long is sent to a server, too.",
                    .min = milliseconds(1),
                    .fallback = cache.lock_timeout,
                    .source = source});
        t.duration("lock_age", cache.keep.lock_age,
                   {.help = "After so long one more request is sent.",
                    .min = milliseconds(1),
                    .fallback = cache.keep.lock_age,
                    .source = source});
        t.boolean("stale_while_updating", cache.keep.stale_while_updating,
                  {.help = "While one fetches what is too old, others get that "
                           "(proxy_cache_use_stale updating).",
                   .fallback = cache.keep.stale_while_updating,
                   .source = source});
        t.boolean("stale_on_error", cache.stale_on_error,
                  {.help = "An old response rather than an error (proxy_cache_use_stale error "
                           "timeout http_503).",
                   .fallback = cache.stale_on_error,
                   .source = source});
      },
      {.help = "Keeps responses of contents with a catalogue, and answers with them. Without this "
               "table it does not."});
  if (there) c.cache = cache;
}

void read_tls(Reader& r, Layer7Config& c) {
  TlsConfig tls;
  const bool there = r.optional_table(
      "tls",
      [&](Reader& t) {
        const std::string source =
            "measured on one AMD EPYC core (openssl speed, 3.0): an RSA-2048 signature 245us, "
            "X25519 34us an operation, of which a TLS 1.3 handshake has two";
        t.duration("full_cpu", tls.full_cpu,
                   {.help = "CPU for the handshake of a client that is not known.",
                    .max = seconds(1),
                    .fallback = microseconds(310),
                    .source = source});
        t.duration("resumed_cpu", tls.resumed_cpu,
                   {.help = "CPU for one that resumes its session.",
                    .max = seconds(1),
                    .fallback = microseconds(70),
                    .source = source});
        t.choice("tickets", tls.tickets,
                 {{"none", TlsTickets::none, "every handshake is a full one."},
                  {"machine", TlsTickets::machine, "a machine knows the clients that it met last."},
                  {"shared", TlsTickets::shared, "all machines have one ticket key."}},
                 {.help = "Who resumes.",
                  .fallback = tls.tickets,
                  .source = "nginx: ssl_session_tickets on, with a key of its own unless "
                            "ssl_session_ticket_key gives one"});
        t.percent("returning", tls.returning,
                  {.help = "Visits whose browser has a ticket of an earlier one.",
                   .fallback = tls.returning});
      },
      {.help = "Ends TLS: CPU of handshakes. Their round trips are network.tls_round_trips."});
  if (there) c.tls = tls;
}

}  // namespace lbsim::scenario
