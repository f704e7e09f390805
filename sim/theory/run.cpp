#include "theory/run.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace lbsim::theory {
namespace {

// What is to be done for an entry, or why it cannot be.
struct Task {
  const Entry* entry = nullptr;
  Work work;
  std::string why_not;
  Answers answers;
  bool done = false;
};

std::vector<Task> tasks_of(const Table& table) {
  std::vector<Task> tasks;
  std::vector<Diagnostic> wrong;
  for (const Entry& entry : table.entries) {
    Task& task = tasks.emplace_back();
    task.entry = &entry;
    const Group* group = find_group(entry.group);
    if (group == nullptr) {
      task.why_not = "this version has no group \"" + entry.group + "\"";
      continue;
    }
    try {
      task.work = group->prepare(entry);
    } catch (const NotPossible& reason) {
      task.why_not = reason.what();
    } catch (const InputError& error) {
      wrong.insert(wrong.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!wrong.empty()) throw InputError(std::move(wrong));
  return tasks;
}

class Crew {
 public:
  Crew(std::vector<Task>& tasks, Effort effort, const Watch& watch)
      : tasks_(tasks), effort_(effort), watch_(watch) {
    effort_.stop = &stop_;
  }

  void run(unsigned threads) {
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
    work();
    for (std::thread& other : others) other.join();
    if (problem_) std::rethrow_exception(problem_);
  }
  bool stopped() const { return stop_; }

 private:
  Task* next() {
    const std::lock_guard lock(mutex_);
    if (stop_ || next_ == tasks_.size()) return nullptr;
    Task& task = tasks_[next_++];
    if (watch_ && !watch_(done_, tasks_.size(), task.entry->id)) stop_ = true;
    return stop_ ? nullptr : &task;
  }

  void work() {
    while (Task* task = next()) {
      try {
        if (task->work) task->answers = task->work(effort_);
        task->done = !stop_;
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!problem_) problem_ = std::current_exception();
        stop_ = true;
      }
      ++done_;
    }
  }

  std::vector<Task>& tasks_;
  Effort effort_;
  const Watch& watch_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::atomic<bool> stop_ = false;
  std::exception_ptr problem_;
};

}  // namespace

RunOutcome run_table(const Table& table, const Effort& effort, unsigned threads,
                     const Watch& watch) {
  std::vector<Task> tasks = tasks_of(table);
  Crew crew(tasks, effort, watch);
  crew.run(std::max(1u, std::min<unsigned>(threads, static_cast<unsigned>(tasks.size()))));
  RunOutcome outcome;
  outcome.partial = crew.stopped();
  outcome.report.requests = effort.requests;
  outcome.report.warm_up = effort.warm_up;
  for (const Task& task : tasks) {
    if (!task.done) continue;
    ++outcome.report.entries;
    if (task.work) {
      judge(*task.entry, task.answers, outcome.report);
    } else {
      outcome.report.not_expressed.push_back({task.entry->id, "", task.why_not});
    }
  }
  return outcome;
}

}  // namespace lbsim::theory
