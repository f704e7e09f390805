// A file with the given bytes that lasts as long as the object.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace lbsim::workload {

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes, const std::string& ending = ".log")
      : path_(::testing::TempDir() + "lbsim-" + std::to_string(getpid()) + "-" +
              std::to_string(++made_) + ending) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static inline int made_ = 0;
  std::string path_;
};

// The gzip form of the bytes.
inline std::string gzipped(std::string_view bytes) {
  const TemporaryFile file("", ".gz");
  gzFile gz = gzopen(file.path().c_str(), "wb");
  gzwrite(gz, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(gz);
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace lbsim::workload
