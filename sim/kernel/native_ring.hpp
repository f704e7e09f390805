// A queue in a circular buffer whose memory follows what is in it.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace lbsim::kernel {

template <class T>
class Ring {
 public:
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  std::size_t capacity() const { return items_.size(); }
  const T& front() const { return items_[head_]; }

  void push(const T& item) {
    if (count_ == items_.size()) resize(count_ < 8 ? 8 : count_ * 2);
    items_[(head_ + count_++) & (items_.size() - 1)] = item;
  }

  void pop() {
    head_ = (head_ + 1) & (items_.size() - 1);
    --count_;
    if (count_ * 8 < items_.size() && items_.size() > 64) resize(items_.size() / 2);
  }

  void clear() { *this = {}; }

  // Keeps the order of the others.
  template <class Predicate>
  void erase_if(Predicate gone) {
    Ring kept;
    for (std::size_t i = 0; i < count_; ++i) {
      const T& item = items_[(head_ + i) & (items_.size() - 1)];
      if (!gone(item)) kept.push(item);
    }
    *this = std::move(kept);
  }

 private:
  void resize(std::size_t size) {
    std::vector<T> items(size);
    for (std::size_t i = 0; i < count_; ++i) {
      items[i] = items_[(head_ + i) & (items_.size() - 1)];
    }
    items_ = std::move(items);
    head_ = 0;
  }

  std::vector<T> items_;  // a power of two of them
  std::size_t head_ = 0;
  std::size_t count_ = 0;
};

}  // namespace lbsim::kernel
