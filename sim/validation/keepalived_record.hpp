// What keepalived was measured to do when something fails, as failover/keepalived.json has it
// (tests/data/conformance/ipvs/SCHEMA.md): the runs of one kind of failure together.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lbsim::validation {

struct KeepalivedCase {
  enum class What : std::uint8_t {
    vrrp,       // a director or its keepalived fails, and returns
    no_return,  // a director returns that may not preempt
    health,     // a server fails, and returns
    survival,   // a director fails, with a connection through it
  };

  What what = What::vrrp;
  std::string title;
  std::string failure;  // as recorded: kill9_all, refused, link_down
  double advert_int_s = 1;
  int version = 2;
  std::vector<int> priorities = {100, 90};
  bool http = false;
  double delay_loop_s = 0;
  double connect_timeout_s = 0;
  double delay_before_retry_s = 0;
  int retry = 0;
  bool sync = false;
  bool sloppy_tcp = false;
  std::string scheduler = "rr";
  std::vector<int> exchanges;  // of a connection, before the failure
  // Of each run, by quantity: seconds; or 1 and 0 for yes and no, survived and reset. Empty: it
  // never happened.
  std::map<std::string, std::vector<double>> recorded;
};

// None: the file holds something else. Throws InputError naming the file and the field that is
// missing or cannot be.
std::optional<std::vector<KeepalivedCase>> read_keepalived(const std::string& path);

// The quantity of a connection that had so many exchanges.
std::string survived_after(int exchanges);

}  // namespace lbsim::validation
