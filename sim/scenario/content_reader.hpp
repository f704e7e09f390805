// The tables [[workload.content]] and [[workload.headers]]: what requests are of.
#pragma once

#include "devices/content_config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

// `r` is at the table that has them; `with_assets`: pages refer to assets, so some class is of
// them.
void read_content(Reader& r, ContentConfig& content, bool with_assets);

}  // namespace lbsim::scenario
