// Tables that are a pure function of the configuration, shared by the objects that need the same
// one and dropped with the last of them. Nothing depends on who asks first.
#pragma once

#include <map>
#include <memory>
#include <mutex>

namespace lbsim::algorithms::nginx {

template <typename Key, typename Table>
class Library {
 public:
  // The table of `key`, from `make(key)` if nobody holds it; null if that is null.
  template <typename Make>
  std::shared_ptr<const Table> get(const Key& key, Make make) {
    const std::lock_guard lock(mutex_);
    std::weak_ptr<const Table>& known = tables_[key];
    std::shared_ptr<const Table> table = known.lock();
    if (!table) known = table = make(key);
    return table;
  }

 private:
  std::mutex mutex_;
  std::map<Key, std::weak_ptr<const Table>> tables_;
};

}  // namespace lbsim::algorithms::nginx
