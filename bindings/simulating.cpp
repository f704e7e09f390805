#include "simulating.hpp"

#include <shared_mutex>
#include <stdexcept>

namespace lbsim::python {
namespace {

std::shared_mutex catalog;
thread_local int simulations = 0;  // one in another's call back counts

}  // namespace

Simulating::Simulating() {
  if (simulations++ == 0) catalog.lock_shared();
}

Simulating::~Simulating() {
  if (--simulations == 0) catalog.unlock_shared();
}

bool Simulating::is_under_way() { return simulations > 0; }

ChangingCatalog::ChangingCatalog() {
  if (Simulating::is_under_way()) {
    throw std::runtime_error("an algorithm cannot be defined by one that is running");
  }
  const pybind11::gil_scoped_release released;
  catalog.lock();
}

ChangingCatalog::~ChangingCatalog() { catalog.unlock(); }

}  // namespace lbsim::python
