#include "workload/day_curve.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "workload/calendar.hpp"
#include "workload/line_reader.hpp"

namespace lbsim::workload {
namespace {

constexpr double kPi = 3.14159265358979323846;

[[noreturn]] void fail(std::string message, std::string hint) {
  throw InputError(Diagnostic{.file = "",
                              .line = 0,
                              .column = 0,
                              .field = "day_curve",
                              .message = std::move(message),
                              .hint = std::move(hint)});
}

// Synthetic: a portal's day in China, made for this project, in percent of the day per hour. What
// is published fixes only marks of it. ChinaNetCenter's Internet report for the 4th quarter of 2010
// (as told at dwrh.net/a/Internet/Video/2011/0225/8867.html) has video busiest from 20:00 to 22:00
// with 7 to 8 % of the day per hour, shopping at 21:00 with 7.37 %, and dips at 12:00 and 18:00;
// its report for the 1st quarter of 2011 (japanese.china.org.cn, 13 May 2011) has finance at 9:00
// and again at 21:00. Here 21:00 has 10 % of the day, a planner's rule above those 7 to 8 %, so
// that a design that holds it has room; the other hours are drawn through the marks by hand, the
// night at a twentieth of the peak.
const std::vector<double> kChinesePortal = {2.8, 1.5, 0.9, 0.6, 0.5, 0.6,  1.0, 1.8,
                                            3.3, 4.8, 5.4, 5.1, 4.6, 4.7,  4.9, 5.0,
                                            5.0, 4.7, 4.8, 6.0, 8.4, 10.0, 8.4, 5.2};

// cos(2 pi x), |x| <= 1/2, by its series: the same bits everywhere, which the C library's is not.
double cosine_of_turns(double x) {
  const double angle = 2 * kPi * x;
  double term = 1;
  double sum = 1;
  for (int k = 1; k < 16; ++k) {
    term *= -angle * angle / ((2.0 * k - 1) * (2.0 * k));
    sum += term;
  }
  return sum;
}

}  // namespace

const std::vector<NamedCurve>& named_curves() {
  static const std::vector<NamedCurve> kCurves = {
      {"flat", "the same rate all day", std::vector<double>(24, 1.0)},
      {"cn-portal",
       "synthetic: evening peak at 21:00 with 10 % of the day, after ChinaNetCenter's reports "
       "of 2010 and 2011",
       kChinesePortal},
      {"eighty-twenty",
       "synthetic: the rule of thumb that 80 % of views come in 20 % of the day, here from 19:12",
       {5, 5, 5, 5, 80}},
      {"nasa-1995-07",
       "KSC-NASA web server, 1 to 28 July 1995, 1.9 million requests by hour (Eastern time); "
       "Internet Traffic Archive, NASA-HTTP",
       {62444,  53068,  45293,  37403,  32230,  31915, 35257, 54038, 83740, 99992, 105483, 115735,
        122078, 120818, 122486, 121199, 118023, 97597, 79281, 71779, 69809, 71930, 70764,  69351}},
      {"app-cluster-2015",
       "four application servers in production, 2015 to 2018, 5.3 billion requests by hour (local "
       "time); vsaveris/application-server-traffic-forecasting, MIT",
       {81390111,  62658383,  52666335,  48264892,  45947699,  53784962,  83035068,  139184165,
        222787193, 297064854, 344351267, 368682336, 341441459, 351987199, 366758038, 373448244,
        385429378, 376771438, 337165770, 286702960, 248972717, 190268831, 148102199, 107334161}},
      {"wikibase-2025",
       "a Wikibase under AI crawlers, 27 September to 3 October 2025, 7.6 million requests by hour "
       "(UTC): hardly any night; thisismattmiller/wb-access-logs, MIT",
       {321773, 318084, 336242, 340017, 326417, 326423, 329326, 375256,
        334140, 337447, 339458, 331725, 326414, 329422, 332370, 320344,
        264867, 265678, 269692, 274246, 298796, 306035, 314738, 316053}},
  };
  return kCurves;
}

double busy_over_mean(double share, double part) { return share / part; }

RateCurve day_curve_named(const std::string& name) {
  std::vector<std::string> names;
  std::string list;
  for (const NamedCurve& curve : named_curves()) {
    if (curve.name == name) {
      const auto slices = static_cast<double>(curve.weights.size());
      return RateCurve(curve.weights, static_cast<double>(kDayS) / slices);
    }
    names.push_back(curve.name);
    list += (list.empty() ? "" : ", ") + curve.name;
  }
  const std::string near = nearest_word(name, names);
  fail("no day curve is called '" + name + "'",
       near.empty() ? "there are " + list + "; or 24 numbers, or the path of a CSV"
                    : "did you mean '" + near + "'?");
}

RateCurve day_curve_of_hours(const std::vector<double>& weights) {
  if (weights.size() != 24) {
    fail("has " + std::to_string(weights.size()) + " numbers",
         "give 24, one for each hour from 00:00 on");
  }
  return RateCurve(weights, 3600);
}

// The mean of a cosine over a slice is its middle times sin(h) / h, h half of the slice's angle.
RateCurve day_curve_of_wave(double swing, double peak_h) {
  constexpr double kHalfAngle = kPi / static_cast<double>(kDayS);
  const double mean_factor = 1 - kHalfAngle * kHalfAngle / 6;
  std::vector<double> weights;
  for (std::int64_t s = 0; s < kDayS; ++s) {
    const double turns =
        (static_cast<double>(s) + 0.5 - peak_h * 3600) / static_cast<double>(kDayS);
    const double nearest = turns - std::floor(turns + 0.5);
    weights.push_back(1 + swing * mean_factor * cosine_of_turns(nearest));
  }
  return RateCurve(std::move(weights), 1);
}

RateCurve day_curve_of(const RateSeries& series) {
  if (series.step_s > 3600 || 3600 % series.step_s != 0) {
    fail("a step of " + std::to_string(series.step_s) + " s does not divide an hour",
         "give counts per second, minute or hour");
  }
  const std::int64_t slices = kDayS / series.step_s;
  std::vector<double> sums(static_cast<std::size_t>(slices), 0.0);
  std::vector<double> times(sums.size(), 0.0);
  const auto add = [&](std::int64_t index, std::uint64_t count) {
    const auto slice = static_cast<std::size_t>(index - floor_div(index, slices) * slices);
    sums[slice] += static_cast<double>(count);
    times[slice] += 1;
  };
  if (series.form == SeriesForm::kHourly) {  // a missing hour was not measured, so it is no zero
    for (const auto& row : series.rows) add(row.index, row.count);
  } else {
    std::int64_t index = series.first_index;
    for (const std::uint64_t count : series.counts) add(index++, count);
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(times[i], 1.0);
  return RateCurve(std::move(sums), static_cast<double>(series.step_s));
}

RateCurve rate_curve_of(const RateSeries& series, double& mean_per_s) {
  std::vector<double> weights(series.counts.begin(), series.counts.end());
  double total = 0;
  for (const double weight : weights) total += weight;
  const auto step_s = static_cast<double>(series.step_s);
  mean_per_s = total / (static_cast<double>(weights.size()) * step_s);
  return RateCurve(std::move(weights), step_s);
}

RateCurve day_curve_from(const std::string& name_or_path) {
  const bool path = name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".csv") ||
                    name_or_path.ends_with(".gz");
  if (!path) return day_curve_named(name_or_path);
  LineReader reader(name_or_path);
  return day_curve_of(read_rate_series(reader, name_or_path));
}

}  // namespace lbsim::workload
