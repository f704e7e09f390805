#include "core/files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"

namespace lbsim {
namespace {

[[noreturn]] void cannot_write(const std::string& path, const std::string& field,
                               const std::string& why) {
  throw InputError(Diagnostic{{}, 0, 0, field, "cannot write " + path + ": " + why,
                              "name a file in a folder that exists and may be written"});
}

std::filesystem::path folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

}  // namespace

void require_writable(const std::string& path, const std::string& field) {
  if (path == "-" || path.empty()) return;
  const std::filesystem::path folder = folder_of(path);
  if (!std::filesystem::is_directory(folder)) {
    cannot_write(path, field, folder.string() + " is no folder");
  }
  if (std::filesystem::is_directory(path)) cannot_write(path, field, "it is a folder");
  if (access(folder.c_str(), W_OK) != 0) cannot_write(path, field, std::strerror(errno));
}

void write_file(const std::string& path, const std::string& text, const std::string& field) {
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (std::fflush(stdout) != 0) cannot_write("standard output", field, std::strerror(errno));
    return;
  }
  const std::string temporary = path + ".part-" + std::to_string(getpid());
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) cannot_write(path, field, std::strerror(errno));
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool synced = std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  const std::string why = std::strerror(errno);
  if (std::fclose(file) != 0 || !written || !synced ||
      std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    cannot_write(path, field, why);
  }
}

}  // namespace lbsim
