#include "scenario/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lbsim::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Document parse(const std::string& text, const std::vector<std::string>& settings = {}) {
  return Document::parse("format = 1\n" + text, "site.toml", settings);
}

// What reading `text` complains about.
std::string errors_of(const std::string& text, const std::function<void(Reader&)>& read) {
  Document document = parse(text);
  read_document(document, read);
  try {
    document.throw_if_errors();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

struct Page {
  int documents = 1;
  double cached = 0.7;
};

void read(Reader& r, Page& p) {
  r.integer("documents", p.documents, {.help = "h", .min = 1, .fallback = p.documents});
  r.real("cached", p.cached, {.help = "h", .min = 0, .max = 1, .fallback = p.cached});
}

enum class Mode { dr, nat };

struct Site {
  std::string name;
  Mode mode = Mode::dr;
  Duration ttl{};
  std::int64_t size = 0;
  double bandwidth = 0;
  std::int64_t views = 0;
  double rate = 0;
  double loss = 0;
  Duration at{};
  bool sticky = false;
  std::uint8_t cores = 0;
  std::optional<double> speed;
  std::vector<Duration> crashes;
  Page page;
  std::optional<Page> mobile;
  std::vector<Page> pages;
};

void read(Reader& r, Site& s) {
  r.text("name", s.name, {.help = "h"});
  r.choice("mode", s.mode, {{"dr", Mode::dr}, {"nat", Mode::nat}}, {.help = "h"});
  r.duration("ttl", s.ttl, {.help = "h"});
  r.size("size", s.size, {.help = "h"});
  r.bandwidth("bandwidth", s.bandwidth, {.help = "h"});
  r.count("views", s.views, {.help = "h"});
  r.rate("rate", s.rate, {.help = "h"});
  r.percent("loss", s.loss, {.help = "h"});
  r.clock("at", s.at, {.help = "h"});
  r.boolean("sticky", s.sticky, {.help = "h"});
  r.integer("cores", s.cores, {.help = "h", .min = 1});
  r.real("speed", s.speed, {.help = "h", .above = 0});
  r.list("crashes", s.crashes, ClockField{}, {.help = "h", .fallback = s.crashes});
  r.table("page", s.page, {.help = "h"});
  r.table("mobile", s.mobile, {.help = "h"});
  r.tables("pages", s.pages, {.help = "h"});
}

constexpr const char* kSite = R"(
name = "portal"
mode = "nat"
ttl = "300s"
size = "20KB"
bandwidth = "10Gbps"
views = "100M"
rate = "5000/s"
loss = "0.1%"
at = "12:30"
sticky = true
cores = 8
speed = 2
crashes = ["12:00", 13:00:00]
page = { documents = 2 }
[mobile]
cached = 0.5
[[pages]]
documents = 3
[[pages]]
)";

TEST(Reader, ReadsEveryKindOfField) {
  Document document = parse(kSite);
  const Site s = read_document<Site>(document);
  document.throw_if_errors();
  EXPECT_EQ(s.name, "portal");
  EXPECT_EQ(s.mode, Mode::nat);
  EXPECT_EQ(s.ttl, seconds(300));
  EXPECT_EQ(s.size, 20'000);
  EXPECT_EQ(s.bandwidth, 1.25e9);
  EXPECT_EQ(s.views, 100'000'000);
  EXPECT_EQ(s.rate, 5000);
  EXPECT_EQ(s.loss, 0.001);
  EXPECT_EQ(s.at, seconds(12 * 3600 + 1800));
  EXPECT_TRUE(s.sticky);
  EXPECT_EQ(s.cores, 8);
  EXPECT_EQ(s.speed, 2.0);
  EXPECT_THAT(s.crashes, ElementsAre(seconds(12 * 3600), seconds(13 * 3600)));
  EXPECT_EQ(s.page.documents, 2);
  EXPECT_EQ(s.page.cached, 0.7);
  ASSERT_TRUE(s.mobile);
  EXPECT_EQ(s.mobile->cached, 0.5);
  ASSERT_EQ(s.pages.size(), 2U);
  EXPECT_EQ(s.pages[0].documents, 3);
  EXPECT_EQ(s.pages[1].documents, 1);
}

TEST(Reader, NeverStopsAtTheFirstMistakeAndReportsThemInTheOrderOfTheFile) {
  const std::string errors = errors_of("ttl = 300\ncores = 0\nnmae = \"x\"\n", [](Reader& r) {
    Site s;
    read(r, s);
  });
  // 11 required fields, of which ttl and cores are there but wrong; and one key is unknown.
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n') / 2 + 1, 12) << errors;
  const std::size_t first = errors.find("site.toml:2:7: error: ttl: must be a duration");
  const std::size_t second = errors.find("site.toml:3:9: error: cores: is 0");
  const std::size_t third = errors.find("site.toml:4:1: error: nmae: unknown field");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
  EXPECT_THAT(errors, HasSubstr("did you mean \"name\"?"));
}

TEST(Reader, KeepsAnIntegerWithinItsCppType) {
  std::uint8_t cores = 3;
  const std::string errors =
      errors_of("cores = 300\n", [&](Reader& r) { r.integer("cores", cores, {.help = "h"}); });
  EXPECT_THAT(errors, HasSubstr("is 300, and must be at most 255"));
  EXPECT_EQ(cores, 3) << "a mistake leaves the member as it was";
}

TEST(Reader, LimitsCountsSoThatATypoCannotEatTheMachine) {
  int count = 0;
  EXPECT_THAT(
      errors_of("count = 10000000\n", [&](Reader& r) { r.integer("count", count, {.help = "h"}); }),
      HasSubstr("at most 1000000"));
  std::vector<double> list;
  std::string many = "list = [0";
  for (int i = 0; i < 10'000; ++i) many += ", 0";
  EXPECT_THAT(
      errors_of(many + "]\n", [&](Reader& r) { r.list("list", list, RealField{}, {.help = "h"}); }),
      HasSubstr("has 10001 entries, and must have 0 to 10000"));
}

TEST(Reader, TellsAboutMistakesBelowSoThatChecksAcrossFieldsCanWait) {
  bool ok_before = false;
  bool ok_after = true;
  errors_of("page = { documents = 0 }\n", [&](Reader& r) {
    Page page;
    ok_before = r.ok();
    r.table("page", page, {.help = "h"});
    ok_after = r.ok();
  });
  EXPECT_TRUE(ok_before);
  EXPECT_FALSE(ok_after);
}

TEST(Reader, PlacesAMistakeOfMeaningAtTheFieldOrElseAtItsTable) {
  const std::string text = "[[pages]]\ndocuments = 1\n[[pages]]\ndocuments = 2\n";
  const auto fail_at = [&](const std::string& path) {
    return errors_of(text, [&](Reader& r) {
      Site s;
      r.tables("pages", s.pages, {.help = "h"});
      r.fail(path, "clashes", "change it");
    });
  };
  EXPECT_EQ(fail_at("pages.1.documents"),
            "site.toml:5:13: error: pages.1.documents: clashes\n  hint: change it");
  EXPECT_THAT(fail_at("pages.1.cached"), HasSubstr("site.toml:4:1: error: pages.1.cached"));
  EXPECT_THAT(fail_at("absent"), HasSubstr("site.toml:1:1: error: absent"));
}

TEST(Reader, ReadsAFieldInWhicheverFormItIsWritten) {
  std::string curve;
  std::vector<double> hours;
  const auto read_curve = [&](Reader& r) {
    r.forms("curve",
            {{Form::text, [&] { r.text("curve", curve, {.help = "h", .fallback = "cn"}); }},
             {Form::list,
              [&] { r.list("curve", hours, RealField{}, {.help = "h", .max_size = 24}); }}});
  };
  EXPECT_EQ(errors_of("", read_curve), "no error");
  EXPECT_EQ(curve, "cn");
  EXPECT_EQ(errors_of("curve = [1, 2.5]\n", read_curve), "no error");
  EXPECT_THAT(hours, ElementsAre(1, 2.5));
  EXPECT_THAT(errors_of("curve = 3\n", read_curve),
              HasSubstr("must be a text or a list, not a whole number"));
}

struct Tier {
  std::string kind;
  int workers = 0;
  Mode mode = Mode::dr;
};

const std::vector<Kind<Tier>>& tiers() {
  static const std::vector<Kind<Tier>> catalog{
      {"nginx", "A proxy.",
       [](Reader& r, Tier& t) { r.integer("workers", t.workers, {.help = "h", .fallback = 8}); }},
      {"lvs", "A director.",
       [](Reader& r, Tier& t) {
         r.choice("mode", t.mode, {{"dr", Mode::dr}, {"nat", Mode::nat}}, {.help = "h"});
       }},
  };
  return catalog;
}

void read(Reader& r, Tier& t) { t.kind = r.by_kind("kind", tiers(), t, {.help = "h"}); }

std::string errors_of_tiers(const std::string& text, std::vector<std::string>* names = nullptr) {
  return errors_of(text, [&](Reader& r) {
    Page page;
    r.table("page", page, {.help = "h"});
    r.named_tables("TIER",
                   [&](const std::string& name, Reader& t) {
                     Tier tier;
                     read(t, tier);
                     if (names) names->push_back(name + ":" + tier.kind);
                   },
                   {.help = "h", .mark = "kind"});
  });
}

TEST(Reader, ReadsTablesThatTheUserNamesByTheirKind) {
  std::vector<std::string> names;
  EXPECT_EQ(errors_of_tiers("[vip]\nkind = \"lvs\"\nmode = \"nat\"\n[proxies]\nkind = \"nginx\"\n"
                            "[page]\ndocuments = 1\n",
                            &names),
            "no error");
  EXPECT_THAT(names, ElementsAre("proxies:nginx", "vip:lvs"));
}

TEST(Reader, KnowsTheFieldsOfOneKindOnly) {
  EXPECT_THAT(errors_of_tiers("[p]\nkind = \"nginx\"\nmode = \"dr\"\n"),
              HasSubstr("site.toml:4:1: error: p.mode: unknown field"));
  const std::string unknown = errors_of_tiers("[p]\nkind = \"ngnix\"\nmode = \"dr\"\n");
  EXPECT_EQ(unknown,
            "site.toml:3:8: error: p.kind: \"ngnix\" is not one of the choices\n"
            "  hint: did you mean \"nginx\"?");
}

TEST(Reader, TakesAMisspeltTableForAMistakeAndNotForOneOfTheUsersOwn) {
  EXPECT_THAT(errors_of_tiers("[pages]\ndocuments = 1\n"), HasSubstr("did you mean \"page\"?"));
  EXPECT_THAT(errors_of_tiers("[proxies]\ncount = 1\n"),
              HasSubstr("a TIER needs the field \"kind\""));
}

TEST(Reader, NamesTheSettingThatBroughtAWrongValue) {
  Document document = parse("cores = 2\n", {"cores=0", "corse=1"});
  int cores = 0;
  read_document(document, [&](Reader& r) { r.integer("cores", cores, {.help = "h", .min = 1}); });
  try {
    document.throw_if_errors();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--set cores: error: cores: is 0, and must be at least 1"));
    EXPECT_THAT(error.what(), HasSubstr("--set corse: error: corse: unknown field"));
  }
}

TEST(Reader, RemembersPlacesForMistakesThatShowLater) {
  Document document = parse("[vip]\nnext = \"nowhere\"\n");
  Location next;
  read_document(document, [&](Reader& r) {
    r.table("vip",
            [&](Reader& t) {
              std::string name;
              t.text("next", name, {.help = "h"});
              next = t.location("next");
            },
            {.help = "h"});
  });
  document.fail(next, "names no tier");
  try {
    document.throw_if_errors();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "site.toml:3:8: error: vip.next: names no tier");
  }
}

}  // namespace
}  // namespace lbsim::scenario
