#include "site/ticker.hpp"

#include <algorithm>

#include "devices/kernels.hpp"

namespace lbsim {

template <class K>
Ticker<K>::Ticker(World<K>& world, const RunPlan& plan)
    : Component<K>(world),
      plan_(plan),
      lane_(world.kernel.add_lane()),
      step_(from_seconds(plan.window.length_s / 1000)),
      end_(kTimeZero + from_seconds(plan.window.length_s)) {}

template <class K>
void Ticker<K>::start() {
  this->world_.kernel.post(lane_, kTimeZero + step_, this->token(kTick, 0));
  this->world_.kernel.after(end_ - kTimeZero, this->token(kEndOfWindow, 0));
  if (plan_.observe) observe();
}

template <class K>
void Ticker<K>::observe() {
  World<K>& world = this->world_;
  if (this->now() >= end_) return;
  const Duration next = plan_.observe(this->now(), world.recorder);
  if (next > Duration{0}) {
    world.kernel.after(next, this->token(kObserve, 0));
    return;
  }
  end_ = this->now();
  world.clients->end_of_window();
}

template <class K>
void Ticker<K>::on(int kind, kernel::Token, kernel::Outcome) {
  World<K>& world = this->world_;
  if (kind == kObserve) return observe();
  if (kind == kEndOfWindow) return world.clients->end_of_window();
  in_flight_max_ = std::max(in_flight_max_, world.requests.live());
  if (plan_.progress) {
    const Progress progress{to_seconds(this->now()), plan_.window.length_s,
                            world.recorder.ended_count(), world.requests.live()};
    interrupted_ = !plan_.progress(progress);
  }
  if (interrupted_ || (this->now() >= end_ && world.clients->done())) return world.kernel.stop();
  // After the window what is left ends within the clients' deadline: look more often.
  const Duration step = this->now() >= end_ ? std::min(step_, milliseconds(100)) : step_;
  world.kernel.post(lane_, this->now() + step, this->token(kTick, 0));
}

LBSIM_FOR_EACH_KERNEL(Ticker)

}  // namespace lbsim
