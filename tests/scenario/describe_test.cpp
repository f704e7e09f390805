#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scenario/reader.hpp"

namespace lbsim::scenario {
namespace {

using nlohmann::json;
using testing::HasSubstr;

enum class Mode { dr, nat };

struct Lvs {
  Mode mode = Mode::dr;
};

void read_lvs(Reader& r, Lvs& c) {
  r.choice("mode", c.mode, {{"dr", Mode::dr, "answers go direct."}, {"nat", Mode::nat}},
           {.help = "Way of the answers.", .fallback = c.mode});
}

void read_site(Reader& r) {
  static const std::vector<Kind<Lvs>> kinds{
      {"lvs", "A director.", read_lvs},
      {"dns", "A name server.", [](Reader& t, Lvs&) {
         Duration ttl{};
         t.duration("ttl", ttl,
                    {.help = "Time to live.", .fallback = seconds(300), .source = "RFC 1035"});
       }}};
  std::string name;
  std::string curve;
  std::vector<double> hours;
  std::optional<std::int64_t> views;
  r.text("name", name, {.help = "What it is called."});
  r.count("page_views", views, {.help = "Per day.", .min = 1});
  r.forms("curve",
          {{Form::text, [&] { r.text("curve", curve, {.help = "A name.", .fallback = "cn"}); }},
           {Form::list, [&] {
              r.list("curve", hours, RealField{.min = 0},
                     {.help = "Or 24 weights.", .min_size = 24, .max_size = 24});
            }}});
  r.tables("groups",
           [](Reader& t) {
             int cores = 0;
             t.integer("cores", cores, {.help = "Cores | threads.", .min = 1, .max = 256});
           },
           {.help = "Servers that are alike.", .min_size = 1});
  r.named_tables("TIER",
                 [](const std::string&, Reader& t) {
                   Lvs tier;
                   std::string next;
                   t.by_kind("kind", kinds, tier, {.help = "What it is."});
                   t.text("next", next, {.help = "Where requests go.", .fallback = "none"});
                 },
                 {.help = "A tier of the site.", .mark = "kind"});
}

json schema() { return json::parse(json_schema(describe(read_site), "a site")); }

// Of a scenario without includes.
json whole_schema() { return schema()["$defs"]["whole"]; }

TEST(Schema, NamesItsDraftAndAllowsNoUnknownField) {
  const json s = schema();
  EXPECT_EQ(s["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(s["properties"]["groups"]["items"]["additionalProperties"], false);
}

TEST(Schema, KnowsTypeRangeDefaultAndHelpOfAField) {
  const json s = schema();
  EXPECT_EQ(s["properties"]["name"],
            json({{"type", "string"}, {"description", "What it is called."}}));
  const json& cores = s["properties"]["groups"]["items"]["properties"]["cores"];
  EXPECT_EQ(cores["type"], "integer");
  EXPECT_EQ(cores["minimum"], 1);
  EXPECT_EQ(cores["maximum"], 256);
}

TEST(Schema, RequiresWhatHasNeitherADefaultNorAnOptional) {
  EXPECT_EQ(whole_schema()["required"], json({"format", "name", "groups"}));
}

TEST(Schema, OffersEveryFormOfAField) {
  const json curve = whole_schema()["properties"]["curve"];
  ASSERT_EQ(curve["anyOf"].size(), 2U);
  EXPECT_EQ(curve["anyOf"][0]["type"], "string");
  EXPECT_EQ(curve["anyOf"][1]["minItems"], 24);
  EXPECT_EQ(curve["default"], "cn");
}

TEST(Schema, TellsTiersApartByTheirKind) {
  const json tiers = whole_schema()["additionalProperties"]["oneOf"];
  ASSERT_EQ(tiers.size(), 2U);
  const json& lvs = tiers[0];
  EXPECT_EQ(lvs["properties"]["kind"]["const"], "lvs");
  EXPECT_EQ(lvs["properties"]["mode"]["enum"], json({"dr", "nat"}));
  EXPECT_TRUE(lvs["properties"].contains("next"));
  EXPECT_FALSE(lvs["properties"].contains("ttl"));
  EXPECT_EQ(lvs["required"], json({"kind"}));
  EXPECT_EQ(tiers[1]["properties"]["ttl"]["default"], "5min");
}

// A part may leave fields, and even the kind of a tier, to other files; but lists are never merged.
TEST(Schema, RequiresNothingOfAPartButInItsLists) {
  const json s = schema();
  EXPECT_FALSE(s.contains("required"));
  EXPECT_FALSE(s["additionalProperties"]["anyOf"][0].contains("required"));
  EXPECT_EQ(s["properties"]["groups"]["items"]["required"], json({"cores"}));
  EXPECT_EQ(s["if"]["not"]["required"], json({"include"}));
}

TEST(Reference, HasOneLinePerFieldUnderTheHeadingOfItsTable) {
  const std::string text = reference_markdown(describe(read_site));
  EXPECT_THAT(text, HasSubstr("| `name` | text | required |  | What it is called. |  |\n"));
  EXPECT_THAT(text, HasSubstr("| `page_views` | count | none | at least 1 | Per day. |  |\n"));
  EXPECT_THAT(text, HasSubstr("| `curve` | text or list of number | `\"cn\"` | 24 of them"));
  EXPECT_THAT(text, HasSubstr("## `[[groups]]`\n\nServers that are alike.\n"));
  EXPECT_THAT(text, HasSubstr("| 1 to 256 | Cores \\| threads. |"));
  EXPECT_THAT(text, HasSubstr("### `[TIER]` with `kind = \"dns\"`\n\nA name server.\n"));
  EXPECT_THAT(text, HasSubstr("| `ttl` | duration | `\"5min\"` |  | Time to live. | RFC 1035 |"));
  EXPECT_THAT(text, HasSubstr("| dr, nat | Way of the answers. `dr`: answers go direct. |"));
}

}  // namespace
}  // namespace lbsim::scenario
