// Requests given one by one: what of a CSV comes out, and what is said of a wrong one.
#include "workload/request_schedule.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace lbsim {
namespace {

class Schedule : public ::testing::Test {
 protected:
  std::string write(const std::string& text) const {
    std::ofstream(path_) << text;
    return path_;
  }
  // "LINE: MESSAGE" of the mistake.
  std::string mistake(const std::string& text) const {
    try {
      RequestSchedule(write(text));
    } catch (const InputError& error) {
      const Diagnostic& d = error.diagnostics().front();
      return std::to_string(d.line) + ": " + d.message;
    }
    return "none";
  }
  ~Schedule() override { std::filesystem::remove(path_); }

  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("lbsim-schedule-" + std::to_string(getpid()) + ".csv"))
                          .string();
};

TEST_F(Schedule, RequestsComeInTheOrderOfTheirDatesWithTheirDemands) {
  const RequestSchedule schedule(
      write("at_us,service_us,client,bytes\n2000,30,10.0.0.7,12\n1000,40,192.168.1.2,0\n"));
  EXPECT_EQ(schedule.requests(), 2u);
  const auto source = schedule.arrivals(1, 10);
  Arrival arrival;
  ASSERT_TRUE(source->next(arrival));
  EXPECT_EQ(arrival.at, kTimeZero + microseconds(1000));
  EXPECT_FLOAT_EQ(arrival.work_s, 40e-6f);
  EXPECT_EQ(arrival.client.v4_host_order(), 0xc0a80102u);
  ASSERT_TRUE(source->next(arrival));
  EXPECT_EQ(arrival.bytes, 12u);
  EXPECT_FALSE(source->next(arrival));
}

TEST_F(Schedule, ItIsCutAtTheEndOfTheWindow) {
  const RequestSchedule schedule(write("service_us,at_us\n5,1000000\n5,2000000\n"));
  const auto source = schedule.arrivals(1, 1.5);
  Arrival arrival;
  EXPECT_TRUE(source->next(arrival));
  EXPECT_FALSE(source->next(arrival));
}

TEST_F(Schedule, IsToldFromALogByItsFirstLine) {
  EXPECT_TRUE(RequestSchedule::is_one(write("at_us,service_us\n")));
  EXPECT_FALSE(RequestSchedule::is_one(write("127.0.0.1 - - [09/Jul/1995:00:00:01 -0400]\n")));
  EXPECT_FALSE(RequestSchedule::is_one("absent.csv"));
}

TEST_F(Schedule, MistakesAreNamedWithTheirLines) {
  EXPECT_EQ(mistake("at_us\n1\n"), "1: needs one column \"service_us\"");
  EXPECT_EQ(mistake("at_us,demand\n1,1\n"), "1: \"demand\" is no column");
  EXPECT_EQ(mistake("at_us,service_us\n"), "1: has no request");
  EXPECT_EQ(mistake("at_us,service_us\n1,2\n1\n"), "3: has 1 fields");
  EXPECT_EQ(mistake("at_us,service_us\n1.5,2\n"), "2: at_us: \"1.5\" is out of range");
  EXPECT_EQ(mistake("at_us,service_us\n1,-2\n"), "2: service_us: \"-2\" is out of range");
  EXPECT_EQ(mistake("at_us,service_us,client\n1,2,10.0.0\n"),
            "2: client: \"10.0.0\" is no address");
}

}  // namespace
}  // namespace lbsim
