// A rate series: counts of requests per second, minute or hour, as CSV (plain or gz), in the forms
// that published series come in:
//
//   offset_s,requests            an index and a count; missing indices are 0
//   minute_offset,total,bot,...  the same with the count's parts in further columns
//   period,count                 with "1998-04-30 21:30:00" as index, clock taken as UTC
//   year,month,day,week_day,hour,requests    one row per hour; hours may be missing
//   0 55                         no header, white space instead of the comma
//
// The step is what the first column's name says (offset_s, minute, hour), else the file's name
// (requests_per_minute), else the least gap between two dates; of a headerless list, minutes if its
// indices fit a day of minutes, hours if they fit a day of hours, seconds otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workload/line_reader.hpp"

namespace lbsim::workload {

enum class SeriesForm { kIndexed, kDated, kHourly };

struct RateSeries {
  SeriesForm form = SeriesForm::kIndexed;
  std::vector<std::string> columns;  // of the header; empty without one
  std::int64_t step_s = 1;
  std::int64_t first_index = 0;       // in steps; dated and hourly forms: steps since 1970
  std::vector<std::uint64_t> counts;  // from the first index to the last, gaps as 0

  struct Row {
    std::int64_t index;
    std::uint64_t count;
  };
  std::vector<Row> rows;                   // as given; the last of equal indices holds
  std::vector<std::uint64_t> column_sums;  // indexed form: of every column, the first left at 0
};

// Could this be one of the first two lines of such a file?
bool looks_like_series_row(std::string_view line);

// Reads on from `reader`, which stands at the file's begin; `path` names the file in errors. Throws
// InputError with the line of a row that cannot be read.
RateSeries read_rate_series(LineReader& reader, const std::string& path);

}  // namespace lbsim::workload
