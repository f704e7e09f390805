#include "workload/haproxy_line.hpp"

#include <gtest/gtest.h>

namespace lbsim::workload {
namespace {

TEST(HaproxyLine, TakesAnHttpLineApart) {
  HaproxyLine line;
  ASSERT_EQ(match_haproxy("Feb 25 16:19:49 lb haproxy[7]: 2001:db8::1:53332 "
                          "[01/Jan/1970:00:00:01.143] in~ bk/s1 10/0/-1/1457/+1487 200 +11394 - - "
                          "cD-- 2/1/0/0/+1 3/4 {Mozilla (X; {y})|b} {} \"GET /a HTTP/1.1\"",
                          line),
            HaproxyKind::kHttp);
  EXPECT_EQ(line.client, "2001:db8::1");
  EXPECT_EQ(line.client_port, "53332");
  EXPECT_EQ(line.accepted_ms, 1143);
  EXPECT_EQ(line.frontend, "in~");
  EXPECT_EQ(line.backend, "bk");
  EXPECT_EQ(line.server, "s1");
  EXPECT_EQ(line.timer_ms(0), 10);
  EXPECT_EQ(line.timer_ms(2), std::nullopt);
  EXPECT_EQ(line.timer_ms(4), 1487);
  EXPECT_EQ(line.termination, "cD--");
  EXPECT_EQ(line.backend_queue, "4");
  EXPECT_EQ(line.request, "GET /a HTTP/1.1");
}

TEST(HaproxyLine, TakesATcpLineWithoutServerApart) {
  HaproxyLine line;
  ASSERT_EQ(match_haproxy("haproxy[1]: 127.0.0.1:4096 [] main app/<NOSRV> -1/-1/1 212 SC "
                          "1/1/0/0/0 0/0",
                          line),
            HaproxyKind::kTcp);
  EXPECT_EQ(line.server, "<NOSRV>");
  EXPECT_EQ(line.accepted_ms, std::nullopt);
  EXPECT_EQ(line.timer_ms(2), 1);
  EXPECT_EQ(line.termination, "SC");
}

TEST(HaproxyLine, LeavesNoticesAndDamagedLinesAlone) {
  HaproxyLine line;
  for (const char* text :
       {"haproxy[1]: Proxy in started.",
        "haproxy[7]: 9.2.1.3:56224 [25/Feb/2019:16:20:10.111] in/s2: SSL handshake failure",
        "9.2.1.3:56224 [d] f b/s 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0",  // no haproxy[PID]:
        "haproxy[7]: 9.2.1.3:56224 [d] f b/s 0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0",
        "haproxy[7]: 9.2.1.3:56224 [d] f b/s 0/0/0/0/0 200 1 - - --- 1/1/1/1/0 0/0",
        "haproxy[7]: 9.2.1.3:56224 [d] f b/s 0/0/0/0/0 200 1 - - ---- +1/1/1/1/0 0/0",
        "haproxy[7]: 9.2.1.3:56224 [d] f b/s 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/",
        "haproxy[7]: 9.2.1.3:56224 [d] f /s 0/0/0/0/0 200 1 - - ---- 1/1/1/1/0 0/0",
        "haproxy[7]: 9.2.1.3:56224 [d", "haproxy[", ""}) {
    EXPECT_EQ(match_haproxy(text, line), HaproxyKind::kOther) << text;
  }
}

}  // namespace
}  // namespace lbsim::workload
