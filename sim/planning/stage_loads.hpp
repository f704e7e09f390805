// The stage of each kind of tier.
#pragma once

#include "planning/stages.hpp"

namespace lbsim::planning {

struct Demand {
  const SiteConfig& site;
  const PageMix& mix;
  double pages_per_s;
  double requests_per_s() const { return pages_per_s * mix.requests_per_page; }
};

Stage names_stage(const Demand& demand);
Stage uplink_stage(const Demand& demand);
Stage directors_stage(const Demand& demand, const TierConfig& tier);
// `members`: machines of the tier behind; `leading`: no HTTP proxy is in front of this one.
Stage proxies_stage(const Demand& demand, const TierConfig& tier, int members, bool leading);
Stage servers_stage(const Demand& demand, const TierConfig& tier);

// The mean rate of questions to the authoritative server at this rate of page views.
double lookups_per_s(const SiteConfig& site, const PageMix& mix, double pages_per_s);

}  // namespace lbsim::planning
