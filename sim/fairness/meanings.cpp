#include <map>

#include "fairness/verdict.hpp"

namespace lbsim::fairness {

std::string meaning(const std::string& metric) {
  static const std::map<std::string, std::string> words = {
      {"shares", "the servers' shares of the requests"},
      {"share_error", "the part of the requests at the wrong server"},
      {"jain", "Jain's index"},
      {"max_over_mean", "the load of the busiest server over the mean"},
      {"longest_run", "the longest run of picks of one server"},
      {"burstiness", "the burstiness of a server's picks"},
      {"share_while_away", "the share of the server that is away, over the due one,"},
      {"share_error_of_rest", "the part of the requests at the wrong one of the other servers"},
      {"share_back", "the share of the server that came back, over the due one,"},
      {"unserved", "the part of the requests that got no server"},
      {"disruption_on_leave", "the part of the keys that moved though their server stayed"},
      {"disruption_on_join", "the part of the keys that moved, but not to the new server,"},
      {"kept_after_return", "the part of the keys that are back where they were"},
      {"share_of_changed", "the share of the server with the new weight, over the due one,"},
      {"disruption", "the part of the keys that moved between servers whose weights stayed"},
      {"tries_refused", "refused tries per request while a server fails"},
      {"share_recovered", "the share of the server that failed and recovered, over the due one,"},
      {"share_error_recovered",
       "the part of the requests at the wrong server after one has recovered"},
      {"share_warming", "the share of a server in its slow start, over the due one,"},
      {"share_warm", "the share of a server after its slow start, over the due one,"},
      {"busy_picked", "the part of the requests that went to a busy server"},
      {"kept", "the part of the sessions that found their server"},
      {"kept_on_leave", "the part of the sessions that kept their server when another left"},
      {"kept_while_draining", "the part of the sessions that kept their draining server"},
      {"kept_on_join", "the part of the sessions that kept their server when another came back"},
      {"slowdown_mean", "the mean time of a request, over the mean service,"},
      {"slowdown_p99", "the 99th percentile of the time of a request, over the mean service,"},
  };
  const auto found = words.find(metric);
  return found == words.end() ? metric : found->second;
}

}  // namespace lbsim::fairness
