// Runs a body in a child process and brings its result back: SimGrid allows one engine per process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace lbsim::test {

namespace detail {

template <class T>
void write_all(int fd, const std::vector<T>& values) {
  const char* from = reinterpret_cast<const char*>(values.data());
  std::size_t left = values.size() * sizeof(T);
  while (left > 0) {
    const ssize_t n = write(fd, from, left);
    if (n <= 0) _exit(3);
    from += n;
    left -= static_cast<std::size_t>(n);
  }
}

inline std::vector<char> read_all(int fd) {
  std::vector<char> bytes;
  char buffer[65536];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
    bytes.insert(bytes.end(), buffer, buffer + n);
  }
  return bytes;
}

}  // namespace detail

// What `body`, which returns a vector of trivially copyable T, returned in a child of its own.
// Throws if the child did not end well; its exception's text is then on stderr.
template <class T, class Body>
std::vector<T> in_child(Body body) {
  static_assert(std::is_trivially_copyable_v<T>);
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe failed");
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    close(ends[0]);
    try {
      detail::write_all(ends[1], std::vector<T>(body()));
    } catch (const std::exception& e) {
      std::fprintf(stderr, "in child: %s\n", e.what());
      _exit(2);
    }
    _exit(0);
  }
  close(ends[1]);
  const std::vector<char> bytes = detail::read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("the child failed");
  std::vector<T> values(bytes.size() / sizeof(T));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(values.data()));
  return values;
}

}  // namespace lbsim::test
