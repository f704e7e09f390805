// What request-level proxies decide on before they pick a server: which pool has the request, or
// that they answer it themselves.
#pragma once

#include <vector>

#include "devices/http_proxies.hpp"
#include "metrics/layer7_stats.hpp"

namespace lbsim {

template <class K>
class Gate final : public Component<K> {
 public:
  Gate(World<K>& world, HttpProxies<K>& proxies, const ProxyTierConfig& config,
       const std::string& tier);

  // CPU of a worker until it knows what a request wants.
  double read_work() const { return read_work_s_; }
  // A worker has read the request, whose leg of this tier is the next one.
  void read(std::uint32_t request);

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kPassed };

  static constexpr std::uint8_t kNothing = 255;  // no rule decides

  void decide_all(const ProxyTierConfig& config);
  std::uint8_t decision(const Request& request) const;
  void act(std::uint32_t request, const RuleConfig& rule);
  void pass(std::uint32_t request);
  void answer(std::uint32_t request, RequestOutcome outcome);
  void redirect(std::uint32_t request);

  HttpProxies<K>& proxies_;
  const Layer7Config& config_;
  Layer7Stats& stats_;
  double read_work_s_;
  // The rule that decides, by class of contents, group of clients, combination of header values.
  std::vector<std::uint8_t> decisions_;
  std::vector<std::uint8_t> pools_;  // of each rule that names one
  std::size_t groups_;
  std::size_t traits_;
};

}  // namespace lbsim
