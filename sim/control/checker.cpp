#include "control/checker.hpp"

#include "devices/kernels.hpp"

namespace lbsim {

template <class K>
Checker<K>::Checker(World<K>& world, std::string prober, Verdict verdict, Tier<K>& members,
                    const HealthCheckConfig& config, Random random)
    : Component<K>(world),
      prober_(std::move(prober)),
      verdict_(std::move(verdict)),
      members_(members),
      sees_errors_(config.sees_errors),
      pending_(members.size()) {
  members.add_watcher([this](std::uint32_t member) { power_changed(member); });
  const Duration spread = config.warmup.value_or(config.interval);
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    const double phase = random.uniform();
    const Duration first =
        config.first.empty() ? from_seconds(phase * to_seconds(spread)) : config.first[i];
    clocks_.emplace_back(config, kTimeZero + first);
  }
}

template <class K>
void Checker<K>::power_changed(std::uint32_t member) {
  if (pending_[member]) this->world_.kernel.cancel(pending_[member]);
  pending_[member] = {};
  const Power power = members_.machine(member).power;
  const bool fails = power == Power::stopped || (sees_errors_ && members_.machine(member).errors);
  const Reach reach = power == Power::crashed ? Reach::silent
                      : fails                 ? Reach::refuses
                                              : Reach::answers;
  const auto flip = clocks_[member].target_changed(reach, this->now());
  if (flip)
    pending_[member] = this->world_.kernel.after(flip->at - this->now(), this->token(0, member));
}

template <class K>
void Checker<K>::on(int, kernel::Token token, kernel::Outcome) {
  const std::uint32_t member = token.index;
  pending_[member] = {};
  clocks_[member].flipped(this->now());
  const bool up = clocks_[member].up();
  this->world_.recorder.event(this->now(), prober_ + (up ? " puts back" : " takes out"),
                              members_.name() + '.' + std::to_string(member + 1));
  verdict_(member, up);
}

LBSIM_FOR_EACH_KERNEL(Checker)

}  // namespace lbsim
