#include "workload/line_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace lbsim::workload {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kLongestLine = std::size_t{64} << 20;

[[noreturn]] void fail(const std::string& path, std::int64_t line, const std::string& message,
                       const std::string& hint) {
  throw InputError(Diagnostic{.file = path,
                              .line = static_cast<int>(line),
                              .column = 0,
                              .field = "",
                              .message = message,
                              .hint = hint});
}

gzFile open_file(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    fail(path, 0, fmt::format("cannot be read: {}", std::strerror(errno)), "check the path");
  }
  if (S_ISDIR(status.st_mode)) fail(path, 0, "is a folder, not a log", "name one file in it");
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    fail(path, 0, fmt::format("cannot be read: {}", std::strerror(errno)),
         "check that you may read it");
  }
  gzbuffer(file, kBlockBytes);
  return file;
}

}  // namespace

struct LineReader::File {
  explicit File(const std::string& path) : gz(open_file(path)) {}
  ~File() { gzclose_r(gz); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  gzFile gz;  // zlib reads plain files through the same calls
};

LineReader::LineReader(const std::string& path, std::function<void(std::string_view)> on_block)
    : path_(path),
      on_block_(std::move(on_block)),
      file_(std::make_unique<File>(path)),
      buffer_(2 * kBlockBytes) {}

LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

// Appends a block after the unread bytes, which move to the front. False at the end of the file.
bool LineReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ > kLongestLine) {
    fail(path_, line_number_ + 1, "no line end within 64 MiB",
         "this is no text file with one request per line");
  }
  if (buffer_.size() < end_ + kBlockBytes) buffer_.resize(2 * buffer_.size());
  const int got = gzread(file_->gz, buffer_.data() + end_, static_cast<unsigned>(kBlockBytes));
  int code = Z_OK;
  const std::string reason = gzerror(file_->gz, &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    fail(path_, line_number_ + 1,
         code == Z_BUF_ERROR ? "the gzip stream ends too early: the file is truncated"
                             : fmt::format("cannot be read on: {}", reason),
         "copy the file again, or unpack what is whole of it with `gzip -dc`");
  }
  const auto count = static_cast<std::size_t>(got);
  if (on_block_ && count > 0) on_block_({buffer_.data() + end_, count});
  bytes_ += count;
  end_ += count;
  return count > 0;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = 0;
  for (;;) {
    const char* first = buffer_.data() + begin_;
    const std::size_t unread = end_ - begin_;
    const void* lf =
        searched < unread ? std::memchr(first + searched, '\n', unread - searched) : nullptr;
    std::size_t length = unread;
    if (lf != nullptr) {
      length = static_cast<std::size_t>(static_cast<const char*>(lf) - first);
    } else {
      searched = unread;
      if (fill()) continue;
      if (unread == 0) return false;
      first = buffer_.data() + begin_;
    }
    begin_ += length + (lf != nullptr ? 1 : 0);
    if (length > 0 && first[length - 1] == '\r') --length;
    line = {first, length};
    ++line_number_;
    return true;
  }
}

}  // namespace lbsim::workload
