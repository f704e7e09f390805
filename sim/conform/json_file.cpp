#include "conform/json_file.hpp"

#include <zlib.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.hpp"

namespace lbsim::conform {
namespace {

constexpr unsigned kBlockBytes = 1U << 18;

}  // namespace

// zlib reads plain files through the same calls.
std::string read_text_file(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose_r);
  if (file == nullptr) refuse_file(path, "cannot be read", "name a file that is there");
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + kBlockBytes);
    const int got = gzread(file.get(), text.data() + size, kBlockBytes);
    text.resize(size + static_cast<std::size_t>(got < 0 ? 0 : got));
    int code = Z_OK;
    const std::string why = gzerror(file.get(), &code);
    if (code == Z_BUF_ERROR) refuse_file(path, "is a gzip file that is cut off", "copy it again");
    if (got < 0) refuse_file(path, "cannot be read: " + why, "name a file that is there");
    if (got == 0) return text;
  }
}

void refuse_file(const std::string& path, std::string message, std::string hint) {
  throw InputError(Diagnostic{path, 0, 0, {}, std::move(message), std::move(hint)});
}

nlohmann::json read_json_file(const std::string& path) {
  try {
    return nlohmann::json::parse(read_text_file(path));
  } catch (const nlohmann::json::parse_error& error) {
    const std::string what = error.what();
    refuse_file(path, "is no complete JSON: " + what.substr(what.find("parse error")),
                "a trace that was cut off has to be recorded or copied again");
  }
}

}  // namespace lbsim::conform
