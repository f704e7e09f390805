#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planning/calibration.hpp"
#include "planning/summary.hpp"
#include "scenario/units.hpp"
#include "workload/calendar.hpp"

namespace lbsim::planning {
namespace {

std::string count(double number) { return count_text(number); }

// A clock without an offset: the log's own.
std::string moment_text(std::int64_t s) {
  std::string text = workload::iso_text(s);
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  return text;
}

std::string quoted_list(const std::vector<double>& values, bool durations) {
  std::string text = "{ empirical = [";
  std::size_t column = 200;  // the first value begins a line
  for (const double value : values) {
    const std::string one =
        fmt::format("\"{}\",", durations ? units::print_duration(from_seconds(value - 5e-13))
                                         : units::print_size(static_cast<std::int64_t>(value)));
    if (column + one.size() > 96) {
      text += "\n  ";
      column = 2;
    } else {
      text += ' ';
    }
    text += one;
    column += one.size() + 1;
  }
  return text + "\n] }\n";
}

std::string kind_text(const char* table, const char* what, const FittedKind& fitted,
                      const workload::ProfileOfKind& log, double speed) {
  if (fitted.sizes.empty() && fitted.times_s.empty()) return "";
  std::string text = fmt::format("\n[workload.{}]\n", table);
  if (!fitted.times_s.empty()) {
    text += fmt::format("# From {}", fitted.times_from);
    text += speed == 1 ? "." : fmt::format(",\n# times {:.4g}, the servers' mean speed.", speed);
    text += " A logged 0 ms counts as 0.5 ms.\nservice = " + quoted_list(fitted.times_s, true);
  } else {
    text += "# The log has too few request times of these: service stays as it was.\n";
  }
  if (!fitted.sizes.empty()) {
    text += fmt::format("# Means of {} equal parts of the sorted sizes of {} {}.\nresponse = ",
                        fitted.sizes.size(), count(static_cast<double>(log.requests)), what);
    text += quoted_list(fitted.sizes, false);
  }
  return text;
}

std::string head_text(const Calibration& c, const scenario::LoadedScenario& base,
                      const std::string& include, const std::string& log_name) {
  const workload::LogProfile& log = c.log;
  std::string text = fmt::format(
      "# Shows: {} with the users of {}, fitted by `lbsim calibrate`.\n"
      "# {} requests of {} clients, {} to {}\n"
      "# on the log's own clock; {} lines are of no request.\n",
      base.site.name, log_name, count(static_cast<double>(log.requests)),
      count(static_cast<double>(log.clients)), moment_text(log.begin_s), moment_text(log.end_s),
      count(static_cast<double>(log.invalid_lines)));
  text += fmt::format(
      "# Popularity: {} URLs, Zipf exponent {:.2f}; this version has no cache that would use it.\n",
      count(static_cast<double>(log.url_counts.size())), c.zipf);
  return text + fmt::format("format = 1\ninclude = [\"{}\"]\nname = \"{}, calibrated\"\n", include,
                            base.site.name);
}

std::string rates_text(const Calibration& c) {
  std::string text = fmt::format(
      "\n[workload]\n# {} requests for pages in {:.3g} h, as a day.\npage_views = {:.0f}\n",
      count(static_cast<double>(c.log.documents.requests)), c.log.span_s() / 3600,
      c.workload.page_views_per_day);
  const double covered =
      std::count_if(c.log.covered_s.begin(), c.log.covered_s.end(), [](double s) { return s > 0; });
  text += covered == 24 ? "# Pages per hour, in the mean of the log's days.\n"
                        : fmt::format(
                              "# Pages per hour; the log covers {} hours of the day, the "
                              "others are 0.\n",
                              covered);
  text += "day_curve = [";
  for (std::size_t h = 0; h < 24; ++h) {
    text += fmt::format("{}{:.6g}", h == 0 ? "" : h == 12 ? ",\n  " : ", ", c.hours[h]);
  }
  return text + "]\n";
}

std::string users_text(const Calibration& c) {
  const WorkloadConfig& w = c.workload;
  std::string text = fmt::format(
      "# {} requests for files: {:.4g} a page. What browsers had cached the log does not show.\n"
      "page = {{ assets = {}, cached = {:.6g} }}\n",
      count(static_cast<double>(c.log.assets.requests)), w.assets * (1 - w.asset_cached), w.assets,
      w.asset_cached);
  if (c.fits_visits) {
    text += fmt::format(
        "# {} visits: pages of one client less than 30 min apart, {:.4g} s in the mean.\n"
        "session = {{ pages = {:.6g}, think = \"{}\" }}\n",
        count(static_cast<double>(c.log.visits)), to_seconds(w.think), w.pages_per_session,
        units::print_duration(w.think));
  }
  text += fmt::format(
      "# Requests per minute vary {:.3g} times as much as Poisson's within hours; {}\n",
      c.dispersion,
      w.burst_index > 1 ? "visits\n# explain a part, and this the rest." : "visits\n# explain it.");
  return text + fmt::format("burst = {{ index = {:.6g}, interval = \"1min\" }}\n", w.burst_index);
}

}  // namespace

std::string calibrated_scenario(const Calibration& c, const scenario::LoadedScenario& base,
                                const std::string& include, const std::string& log_name) {
  return head_text(c, base, include, log_name) + rates_text(c) + users_text(c) +
         kind_text("document", "pages", c.documents, c.log.documents, c.server_speed) +
         kind_text("asset", "files", c.assets, c.log.assets, c.server_speed);
}

}  // namespace lbsim::planning
