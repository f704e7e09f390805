// What the requests of a workload are of, as far as devices may look: hosts, paths, objects, and
// what browsers say of themselves. A workload without any of it has requests that are all alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/distribution.hpp"

namespace lbsim {

// Requests whose URLs begin alike. With a catalogue each is of one of its objects, of which the
// k-th most popular has a share proportional to k^-zipf; an object has one size for ever.
struct ContentClassConfig {
  std::string name;
  bool of_documents = false;  // else of assets
  double share = 1;           // of the documents or the assets, relative to the other classes'
  std::string host = "www.example.com";
  std::string path = "/";
  std::uint32_t objects = 0;  // 0: no catalogue, each response is made for one user
  double zipf = 0.8;
  bool cacheable = true;                // what the servers say of responses with a catalogue
  std::optional<Distribution> service;  // none: as [workload.document] or [workload.asset] says
  std::optional<Distribution> response_bytes;
};

// A header field that has one of these values throughout a session.
struct HeaderConfig {
  std::string name;
  std::vector<std::string> values;
  std::vector<double> shares;
};

struct ContentConfig {
  std::vector<ContentClassConfig> classes;
  std::vector<HeaderConfig> headers;
};

}  // namespace lbsim
