// Prints what lbsim says about every kind of mistake in a scenario, and compares it with
// scenario_errors.txt, so that a change of a text is seen and judged. LBSIM_UPDATE_GOLDEN=1
// rewrites the file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenario/reader.hpp"

namespace lbsim::scenario {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::vector<std::string> settings = {};
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"syntax", "format = 1\nname = = 3\n"},
      {"an open table", "format = 1\n[vip\n"},
      {"a key twice", "format = 1\nname = 'a'\nname = 'b'\n"},
      {"a value without quotes", "format = 1\nttl = 300s\n"},
      {"a value without quotes in a table", "format = 1\npage = { cached = 20%, x = 1 }\n"},
      {"a time without quotes", "format = 1\nat = 12:00\n"},
      {"no format", "name = 'a'\n"},
      {"a format of the future", "format = 2\n"},
      {"a format as text", "format = '1'\n"},
      {"include is no list", "format = 1\ninclude = 'parts/good.toml'\n"},
      {"include of no text", "format = 1\ninclude = [1]\n"},
      {"include of no file", "format = 1\ninclude = ['parts/absent.toml']\n"},
      {"include of a folder", "format = 1\ninclude = ['parts']\n"},
      {"a circle of includes", "format = 1\ninclude = ['parts/circle.toml']\n"},
      {"syntax in an included file", "format = 1\ninclude = ['parts/syntax.toml']\n"},
      {"a wrong value in an included file", "format = 1\ninclude = ['parts/wrong.toml']\n"},
      {"an included format", "format = 1\ninclude = ['parts/format.toml']\n"},
      {"missing field", "format = 1\n[v]\nkind = 'lvs'\n"},
      {"unknown field near a known one", "format = 1\nnmae = 'a'\n"},
      {"unknown field near none", "format = 1\n[page]\nzzz = 'a'\n"},
      {"a misspelt table", "format = 1\n[paeg]\ndocuments = 1\n"},
      {"a tier without kind", "format = 1\n[proxies]\nworkers = 1\n"},
      {"a tier of an unknown kind", "format = 1\n[proxies]\nkind = 'ngnix'\nworkers = 1\n"},
      {"a tier of no kind at all", "format = 1\n[proxies]\nkind = 'cisco'\n"},
      {"a field of another kind", "format = 1\n[proxies]\nkind = 'nginx'\nmode = 'dr'\n"},
      {"text: a number", "format = 1\nname = 3\n"},
      {"text: empty", "format = 1\nname = ''\n"},
      {"integer: a text", "format = 1\n[page]\ndocuments = '3'\n"},
      {"integer: a fraction", "format = 1\n[page]\ndocuments = 3.5\n"},
      {"integer: too small", "format = 1\n[page]\ndocuments = 0\n"},
      {"integer: too large", "format = 1\n[page]\ndocuments = 101\n"},
      {"real: a text", "format = 1\n[page]\ncached = 'most'\n"},
      {"real: too large", "format = 1\n[page]\ncached = 1.5\n"},
      {"real: not finite", "format = 1\n[page]\ncached = nan\n"},
      {"real: not above its bound", "format = 1\nspeed = 0\n"},
      {"boolean: a text", "format = 1\nsticky = 'yes'\n"},
      {"choice: near one", "format = 1\nmode = 'natt'\n"},
      {"choice: near none", "format = 1\nmode = 'tunnel'\n"},
      {"duration: a bare number", "format = 1\nttl = 300\n"},
      {"duration: a bare fraction", "format = 1\nttl = 0.5\n"},
      {"duration: a number as text", "format = 1\nttl = '300'\n"},
      {"duration: an unknown unit", "format = 1\nttl = '300sec'\n"},
      {"duration: another case", "format = 1\nttl = '300S'\n"},
      {"duration: no number", "format = 1\nttl = 'forever'\n"},
      {"duration: negative", "format = 1\nttl = '-5s'\n"},
      {"duration: too fine", "format = 1\nttl = '0.5ps'\n"},
      {"duration: too long", "format = 1\nttl = '2d'\n"},
      {"duration: beyond the clock", "format = 1\nttl = '200d'\n"},
      {"time of day: a number", "format = 1\nat = 12\n"},
      {"time of day: no such", "format = 1\nat = '25:00'\n"},
      {"size: a bare number", "format = 1\nsize = 1024\n"},
      {"size: another case", "format = 1\nsize = '20kb'\n"},
      {"size: bits", "format = 1\nsize = '20Mbps'\n"},
      {"bandwidth: a bare number", "format = 1\nbandwidth = 10\n"},
      {"bandwidth: bytes", "format = 1\nbandwidth = '10GB/s'\n"},
      {"count: a fraction", "format = 1\nviews = 1.5\n"},
      {"count: half a thing", "format = 1\nviews = '1.5'\n"},
      {"count: an unknown suffix", "format = 1\nviews = '100G'\n"},
      {"count: too many", "format = 1\nviews = '2T'\n"},
      {"rate: a bare number", "format = 1\nrate = 5000\n"},
      {"rate: no period", "format = 1\nrate = '5000'\n"},
      {"rate: an unknown period", "format = 1\nrate = '5000/week'\n"},
      {"percentage: a bare number", "format = 1\nloss = 5\n"},
      {"percentage: no sign", "format = 1\nloss = '5'\n"},
      {"percentage: too much", "format = 1\nloss = '150%'\n"},
      {"parsed text: no match", "format = 1\nwindow = 'noon'\n"},
      {"parsed text: a number", "format = 1\nwindow = 3\n"},
      {"forms: neither", "format = 1\ncurve = 3\n"},
      {"list: too short", "format = 1\ncurve = [1, 2]\n"},
      {"list: a wrong element", "format = 1\ncurve = [1, 'x', 3, true]\n"},
      {"list: a text", "format = 1\ncrashes = '12:00'\n"},
      {"table: a text", "format = 1\npage = 'small'\n"},
      {"tables: single brackets", "format = 1\n[groups]\ncores = 1\n"},
      {"tables: a text", "format = 1\ngroups = 'many'\n"},
      {"tables: a wrong entry", "format = 1\ngroups = [{cores = 1}, 3]\n"},
      {"tables: a mistake in the second", "format = 1\n[[groups]]\ncores = 1\n[[groups]]\n"},
      {"a conflict between fields", "format = 1\nttl = '1s'\nat = '00:00'\n"},
      {"many at once", "format = 1\nttl = 3\nmode = 'x'\nzzz = 1\n[page]\ndocuments = 0\n"},
      {"setting: none", "format = 1\n", {"name"}},
      {"setting: an unknown field", "format = 1\n", {"page.documnets=3"}},
      {"setting: a wrong value", "format = 1\n", {"page.documents=0", "ttl=300"}},
      {"setting: past the end", "format = 1\ngroups = [{cores = 1}]\n", {"groups.5.cores=1"}},
      {"setting: inside a number", "format = 1\nspeed = 1\n", {"speed.fast=1"}},
      {"setting: an open list", "format = 1\n", {"curve=[1, 2"}},
  };
  return all;
}

enum class Mode { dr, nat, tun };

struct Tier {
  int workers = 8;
  Mode mode = Mode::dr;
};

void read_page(Reader& r) {
  int documents = 1;
  double cached = 0;
  r.integer("documents", documents, {.help = "h", .min = 1, .max = 100, .fallback = 1});
  r.real("cached", cached, {.help = "h", .min = 0, .max = 1, .fallback = 0.7});
}

void read_values(Reader& r) {
  std::string name;
  Mode mode = Mode::dr;
  Duration ttl{};
  std::optional<Duration> at;
  std::optional<std::int64_t> size;
  std::optional<double> number;
  std::optional<bool> sticky;
  r.text("name", name, {.help = "h", .fallback = "site"});
  r.choice("mode", mode, {{"dr", Mode::dr}, {"nat", Mode::nat}, {"tun", Mode::tun}},
           {.help = "h", .fallback = mode});
  r.duration("ttl", ttl, {.help = "h", .max = seconds(86'400), .fallback = seconds(300)});
  r.clock("at", at, {.help = "h"});
  r.size("size", size, {.help = "h"});
  r.bandwidth("bandwidth", number, {.help = "h"});
  r.count("views", size, {.help = "h"});
  r.rate("rate", number, {.help = "h"});
  r.percent("loss", number, {.help = "h"});
  r.real("speed", number, {.help = "h", .above = 0});
  r.boolean("sticky", sticky, {.help = "h"});
  if (r.ok() && at == Duration::zero()) {
    r.fail("at", "clashes with ttl", "leave one of them out");
  }
}

units::Result<int> parse_window(std::string_view text) {
  if (text == "day") return {.value = 1, .message = {}, .hint = {}};
  return {.value = {},
          .message = "cannot read \"" + std::string(text) + "\" as a window",
          .hint = "write day, busiest-hour or HH:MM-HH:MM"};
}

void read_compound(Reader& r) {
  int window = 0;
  std::string curve;
  std::vector<double> hours;
  std::vector<Duration> crashes;
  r.list("crashes", crashes, ClockField{}, {.help = "h", .fallback = crashes});
  r.parsed(
      "window", window,
      {.help = "h", .form = "day", .example = "day", .parse = parse_window, .fallback = "day"});
  r.forms("curve", {{Form::text, [&] { r.text("curve", curve, {.help = "h", .fallback = "cn"}); }},
                    {Form::list, [&] {
                       r.list("curve", hours, RealField{},
                              {.help = "h", .min_size = 4, .max_size = 4});
                     }}});
  r.table("page", read_page, {.help = "h"});
  r.tables("groups",
           [](Reader& t) {
             int cores = 0;
             t.integer("cores", cores, {.help = "h", .min = 1});
           },
           {.help = "h"});
}

void read_site(Reader& r) {
  static const std::vector<Kind<Tier>> kinds{
      {"nginx", "h",
       [](Reader& t, Tier& tier) {
         t.integer("workers", tier.workers, {.help = "h", .fallback = 8});
       }},
      {"lvs", "h", [](Reader& t, Tier& tier) {
         t.choice("mode", tier.mode, {{"dr", Mode::dr}}, {.help = "h"});
       }}};
  read_values(r);
  read_compound(r);
  r.named_tables("TIER",
                 [](const std::string&, Reader& t) {
                   Tier tier;
                   t.by_kind("kind", kinds, tier, {.help = "h"});
                 },
                 {.help = "h", .mark = "kind"});
}

std::string errors_of(const Case& c) {
  try {
    Document document = Document::parse(c.text, "site.toml", c.settings);
    read_document(document, read_site);
    document.throw_if_errors();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// Includes are named relative to tests/errors whatever the machine.
class InFolder {
 public:
  explicit InFolder(const std::filesystem::path& folder) { std::filesystem::current_path(folder); }
  ~InFolder() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_ = std::filesystem::current_path();
};

TEST(ScenarioErrors, SayWhereWhatAndWhatWouldBeRight) {
  const std::filesystem::path folder =
      std::filesystem::path(LBSIM_TEST_DATA).parent_path() / "errors";
  const InFolder in_folder(folder);
  std::string actual;
  for (const Case& c : cases()) {
    const std::string errors = errors_of(c);
    EXPECT_NE(errors, "") << c.name << " is no mistake";
    actual += "== " + c.name + "\n" + c.text;
    for (const std::string& setting : c.settings) actual += "--set " + setting + "\n";
    actual += "--\n" + errors + "\n\n";
  }
  const char* golden = "scenario_errors.txt";
  if (std::getenv("LBSIM_UPDATE_GOLDEN")) std::ofstream(golden) << actual;
  std::ostringstream expected;
  expected << std::ifstream(golden).rdbuf();
  EXPECT_EQ(actual, expected.str()) << "if the new texts are better: LBSIM_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace lbsim::scenario
