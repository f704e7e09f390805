#include "workload/log_facts.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>

#include "core/check.hpp"
#include "workload/access_facts.hpp"
#include "workload/haproxy_facts.hpp"
#include "workload/latin1.hpp"
#include "workload/line_reader.hpp"
#include "workload/rate_series.hpp"
#include "workload/series_facts.hpp"

namespace lbsim::workload {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    LBSIM_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(std::string_view bytes) {
    LBSIM_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }

  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    LBSIM_CHECK(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

struct KindFacts {
  std::string kind;
  Json values;
};

KindFacts access_facts(LineReader& reader, const std::string& path) {
  AccessFacts facts;
  std::string_view line;
  while (reader.next(line)) facts.add_line(line);
  if (facts.valid() == 0) {
    fail_without_valid_line(path, reader.line_number(), "the common or combined format");
  }
  return {"access_log", facts.values()};
}

KindFacts haproxy_facts(LineReader& reader, const std::string& path) {
  HaproxyFacts facts;
  std::string_view line;
  while (reader.next(line)) facts.add_line(line);
  if (facts.valid() == 0) {
    fail_without_valid_line(path, reader.line_number(), "HAProxy's HTTP or TCP format");
  }
  return {"haproxy_log", facts.values()};
}

KindFacts facts_of_series(LineReader& reader, const std::string& path) {
  const RateSeries series = read_rate_series(reader, path);
  Json values = {{"lines", reader.line_number()}};
  values.update(series_facts(series));
  return {series.form == SeriesForm::kHourly ? "table" : "series", values};
}

KindFacts read_facts(LineReader& reader, const std::string& path, LogFormat format) {
  if (format == LogFormat::kHaproxy) return haproxy_facts(reader, path);
  if (format == LogFormat::kSeries) return facts_of_series(reader, path);
  return access_facts(reader, path);
}

}  // namespace

LogFacts facts_of(const std::string& path, LogFormat format) {
  const LogFormat resolved = resolved_log_format(path, format);
  Sha256 digest;
  LineReader reader(path, [&](std::string_view block) { digest.add(block); });
  const KindFacts facts = read_facts(reader, path, resolved);
  const std::string name = path.substr(path.find_last_of('/') + 1);
  Json values = {{"kind", facts.kind},
                 {"file", is_utf8(name) ? name : utf8_from_latin1(name)},
                 {"bytes_uncompressed", reader.bytes()},
                 {"sha256_uncompressed", digest.hex()}};
  values.update(facts.values);
  return {path, values};
}

std::string to_json(const LogFacts& facts) { return json_text(facts.values); }

}  // namespace lbsim::workload
