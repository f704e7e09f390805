// The lines of a file, plain or gzip, read in blocks: memory is one block and the longest line.
// A line ends with LF; the last line counts even without one. A CR before the LF is no part of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lbsim::workload {

class LineReader {
 public:
  // `on_block` sees every uncompressed byte once, in order (for digests). Throws InputError if the
  // file cannot be opened.
  explicit LineReader(const std::string& path,
                      std::function<void(std::string_view)> on_block = nullptr);
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  // The next line; the view lasts until the next call. False at the end of the file. Throws
  // InputError on a read error, a damaged or truncated gzip stream, or a line beyond 64 MiB.
  bool next(std::string_view& line);

  std::int64_t line_number() const { return line_number_; }  // of the line returned last, from 1
  std::uint64_t bytes() const { return bytes_; }             // uncompressed bytes read so far

 private:
  struct File;

  bool fill();

  std::string path_;
  std::function<void(std::string_view)> on_block_;
  std::unique_ptr<File> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // unread bytes are buffer_[begin_, end_)
  std::size_t end_ = 0;
  std::int64_t line_number_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lbsim::workload
