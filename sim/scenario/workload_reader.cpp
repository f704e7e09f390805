#include "scenario/workload_reader.hpp"

#include <filesystem>

#include "devices/records.hpp"
#include "scenario/content_reader.hpp"
#include "scenario/distribution_field.hpp"
#include "workload/day_curve.hpp"

namespace lbsim::scenario {
namespace {

// Paths are relative to the file that names them, as those of `include` are.
std::string curve_source(const std::string& text, const Location& location) {
  const bool path =
      text.find('/') != std::string::npos || text.ends_with(".csv") || text.ends_with(".gz");
  if (!path || location.place.line == 0) return text;
  return (std::filesystem::path(location.place.file).parent_path() / text).string();
}

struct Wave {  // of day_curve = { swing = ..., peak_hour = ... }
  double swing = -1;
  double peak_h = 21;
};

void read_wave(Reader& r, Wave& wave, workload::RateCurve& out) {
  r.real("swing", wave.swing,
         {.help = "The rate is the mean times 1 plus or minus this, as a sine.",
          .min = 0,
          .max = 0.999});
  r.real("peak_hour", wave.peak_h,
         {.help = "When it is busiest, in hours from 00:00 on.",
          .min = 0,
          .max = 24,
          .fallback = wave.peak_h,
          .source = "as in cn-portal"});
  if (r.ok() && !r.describing()) out = workload::day_curve_of_wave(wave.swing, wave.peak_h);
}

void make_curve(Reader& r, const std::string& text, const std::vector<double>& hours,
                workload::RateCurve& out) {
  if (r.describing() || (text.empty() && hours.empty())) return;
  try {
    out = hours.empty() ? workload::day_curve_from(curve_source(text, r.location("day_curve")))
                        : workload::day_curve_of_hours(hours);
  } catch (const InputError& error) {
    for (const Diagnostic& d : error.diagnostics()) r.fail("day_curve", d.message, d.hint);
  }
}

void read_day_curve(Reader& r, workload::RateCurve& out) {
  std::string text;
  std::vector<double> hours;
  Wave wave;
  r.forms("day_curve",
          {{Form::text,
            [&] {
              r.text("day_curve", text,
                     {.help = "Shape of the day: the name of a curve or the path of a CSV.",
                      .fallback = "cn-portal",
                      .source = "an assumption: 10 % of the day between 21:00 and 22:00"});
            }},
           {Form::list,
            [&] {
              r.list("day_curve", hours, RealField{.min = 0, .max = 1e15},
                     {.help = "Or 24 weights of the hours from 00:00 on.",
                      .min_size = 24,
                      .max_size = 24});
            }},
           {Form::table, [&] {
              r.table(
                  "day_curve", [&](Reader& t) { read_wave(t, wave, out); },
                  TableField{.help = "Or a sine."});
            }}});
  make_curve(r, text, hours, out);
}

void read_page(Reader& r, WorkloadConfig& w) {
  r.integer("assets", w.assets,
            {.help = "Files that a page refers to, from the same site.",
             .min = 0,
             .max = 1000,
             .fallback = w.assets,
             .source = "an assumption: of the 70 requests of HTTP Archive's median page, those to "
                       "the site itself"});
  r.real("cached", w.asset_cached,
         {.help = "Share of these that the browser has already.",
          .min = 0,
          .max = 1,
          .fallback = w.asset_cached,
          .source = "a little under the 80 % of page views that find a filled cache (Theurer, "
                    "Yahoo Performance Research part 2, 2007)"});
}

void read_fetch(Reader& r, FetchConfig& fetch) {
  read_distribution(r, "service", fetch.service,
                    {.help = "CPU time of one core of speed 1.", .quantity = Quantity::duration});
  read_distribution(r, "response", fetch.response_bytes,
                    {.help = "Bytes of the response.", .quantity = Quantity::size});
}

void read_session(Reader& r, WorkloadConfig& w) {
  r.real("pages", w.pages_per_session,
         {.help = "Mean pages of a visit (geometric).",
          .min = 1,
          .max = 1e6,
          .fallback = w.pages_per_session,
          .source = "an assumption"});
  r.duration("think", w.think,
             {.help = "Mean time from a page to the next (exponential).",
              .min = milliseconds(1),
              .fallback = w.think,
              .source = "TPC-W 1.8, clause 5.3: mean of at least 7 s"});
}

void read_browser(Reader& r, WorkloadConfig& w) {
  r.integer("connections", w.connections,
            {.help = "Connections that a browser opens to one address.",
             .min = 1,
             .max = kConnectionsPerSessionMax,
             .fallback = w.connections,
             .source = "Chrome and Firefox with HTTP/1.1; RFC 9112, section 9.4"});
  r.duration("deadline", w.deadline,
             {.help = "A user waits this long for one fetch.",
              .min = milliseconds(1),
              .fallback = w.deadline,
              .source = "Nielsen, Usability Engineering, 1993, chapter 5: 10 s hold a user's "
                        "attention"});
}

void read_burst(Reader& r, WorkloadConfig& w) {
  r.real("index", w.burst_index,
         {.help = "Variance of the page views per interval over their mean; 1: Poisson.",
          .min = 1,
          .max = 1e6,
          .fallback = w.burst_index});
  r.duration("interval", w.burst_interval,
             {.help = "See index.", .min = seconds(1), .fallback = w.burst_interval});
}

}  // namespace

void read(Reader& r, Demand& demand) {
  WorkloadConfig& w = demand.workload;
  std::int64_t page_views = 0;
  r.count("page_views", page_views, {.help = "Per day.", .min = 1});
  w.page_views_per_day = static_cast<double>(page_views);
  read_day_curve(r, demand.day_curve);
  r.choice("arrivals", w.arrivals,
           {{"poisson", ArrivalLaw::poisson, "each user for himself."},
            {"even", ArrivalLaw::even, "in step, as load generators send requests."}},
           {.help = "How users come at the rate of the day.", .fallback = w.arrivals});
  r.parsed("window", demand.window,
           {.help = "The part of the day that is simulated.",
            .form = "busiest-hour, day or HH:MM-HH:MM",
            .example = "busiest-hour",
            .parse = parse_window,
            .fallback = "busiest-hour"});
  r.table(
      "page", [&](Reader& t) { read_page(t, w); }, TableField{.help = "What a page is."});
  r.table(
      "document", [&](Reader& t) { read_fetch(t, w.document); },
      TableField{.help = "The page itself, made by a program."});
  r.table(
      "asset", [&](Reader& t) { read_fetch(t, w.asset); },
      TableField{.help = "A file that a page refers to."});
  std::int64_t request_bytes = 0;
  r.size("request_size", request_bytes,
         {.help = "Bytes of a request.",
          .min = 1,
          .max = 1'000'000'000,
          .fallback = 1000,
          .source = "an assumption: header fields with cookies"});
  w.request_bytes = static_cast<double>(request_bytes);
  r.table(
      "session", [&](Reader& t) { read_session(t, w); }, TableField{.help = "One user's visit."});
  r.table(
      "browser", [&](Reader& t) { read_browser(t, w); },
      TableField{.help = "How a browser fetches."});
  r.table(
      "burst", [&](Reader& t) { read_burst(t, w); },
      TableField{.help = "How much burstier than Poisson page views come."});
  read_content(r, w.content, w.assets > 0 && w.asset_cached < 1);
}

void read(Reader& r, ClientGroupConfig& c) {
  r.text("name", c.name, {.help = "Of the group of users."});
  r.real("share", c.share,
         {.help = "Of all users, relative to the other groups'.",
          .above = 0,
          .max = 1e9,
          .fallback = c.share});
  r.duration("latency", c.latency,
             {.help = "To the site, one way.",
              .min = microseconds(1),
              .max = seconds(10),
              .fallback = c.latency});
  r.integer("resolvers", c.resolvers,
            {.help = "Name servers that the group's users ask, each with its cache.",
             .min = 1,
             .max = 1'000'000,
             .fallback = c.resolvers});
  r.real("resolver_zipf", c.resolver_zipf,
         {.help = "The k-th resolver's share of the users is proportional to k to the power of "
                  "minus this.",
          .min = 0,
          .max = 10,
          .fallback = c.resolver_zipf});
  r.boolean(
      "kept_alive", c.kept_alive,
      {.help = "Their connections are open before they ask, as those of a CDN or of a program "
               "that calls the site all the time: no handshake.",
       .fallback = c.kept_alive});
}

void read(Reader& r, NetworkConfig& c) {
  r.duration("lan_latency", c.lan_latency,
             {.help = "Between machines of the site, one way.",
              .max = seconds(1),
              .fallback = c.lan_latency,
              .source = "an assumption: two switches and the ends' stacks"});
  std::optional<double> uplink;
  r.bandwidth("uplink", uplink,
              {.help = "The site's Internet link, each way; without it, it is no limit."});
  c.uplink_bytes_per_s = uplink.value_or(0);
  r.integer("segment_bytes", c.segment_bytes,
            {.help = "TCP's maximum segment.",
             .min = 64,
             .max = 65'000,
             .fallback = c.segment_bytes,
             .source = "Ethernet: 1,500 less 40 of headers"});
  r.integer("initial_window", c.initial_window,
            {.help = "Segments that a new connection may send at once.",
             .min = 1,
             .max = 4096,
             .fallback = c.initial_window,
             .source = "RFC 6928"});
  r.integer("tls_round_trips", c.tls_round_trips,
            {.help = "Round trips of a new client connection after TCP's own: 1 with TLS 1.3, 2 "
                     "with TLS 1.2. The CPU that it costs belongs to the accepting tier.",
             .min = 0,
             .max = 10,
             .fallback = c.tls_round_trips,
             .source = "RFC 8446, section 2; RFC 5246, section 7.3"});
}

}  // namespace lbsim::scenario
