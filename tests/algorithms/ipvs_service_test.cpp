#include <gtest/gtest.h>

#include "algorithms/ipvs/service.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

RealServer server(std::uint32_t address, std::int32_t weight = 1, std::uint32_t upper = 0,
                  std::uint32_t lower = 0) {
  RealServer real;
  real.address = address;
  real.port = 80;
  real.weight = weight;
  real.upper = upper;
  real.lower = lower;
  return real;
}

Time at(double seconds) { return kTimeZero + from_seconds(seconds); }

Flow from(std::uint32_t client, std::uint16_t port = 1024) { return {client, port, 1, 80}; }

using Pair = std::pair<std::uint32_t, std::uint32_t>;
Pair counts(const Service& service, ServerId id) {
  return {service.servers()[id].active, service.servers()[id].inactive};
}

ServiceConfig config(Mode mode = Mode::nat, const std::string& scheduler = "rr") {
  ServiceConfig made;
  made.mode = mode;
  made.scheduler = scheduler;
  return made;
}

TEST(IpvsService, ARemovedServerComesBackWithItsConnections) {
  Service service(config());
  const ServerId id = service.add(server(1), at(0));
  const auto opened = service.open(from(9), at(0));
  service.remove(id, at(1));
  EXPECT_EQ(service.open(from(10), at(1)).server, kNoServer);
  EXPECT_EQ(service.packet(opened.connection, Packet::client_data, at(1)),
            Service::Verdict::dropped);
  EXPECT_EQ(service.add(server(1), at(2)), id);
  EXPECT_EQ(counts(service, id), Pair(1, 0));
  EXPECT_EQ(service.packet(opened.connection, Packet::client_data, at(3)),
            Service::Verdict::forwarded);
}

// 60 s as half open, wherever the packets went: the drop at 1 s did not re-arm the timer.
TEST(IpvsService, TheEntriesOfARemovedServerRunIntoTheirTimeout) {
  Service service(config());
  const ServerId id = service.add(server(1), at(0));
  const auto opened = service.open(from(9), at(0));
  service.remove(id, at(1));
  service.packet(opened.connection, Packet::client_data, at(1));
  EXPECT_EQ(service.packet(opened.connection, Packet::client_data, at(63)),
            Service::Verdict::no_entry);
  EXPECT_EQ(counts(service, id), Pair(0, 0));
}

TEST(IpvsService, NatSeesBothEndsCloseAndDirectRoutingTheClientsOnly) {
  Service nat(config(Mode::nat)), dr(config(Mode::dr));
  for (Service* service : {&nat, &dr}) {
    service->add(server(1), at(0));
    const Connection connection = service->open(from(9), at(0)).connection;
    service->packet(connection, Packet::client_data, at(0));
    service->packet(connection, Packet::server_fin, at(0));
  }
  EXPECT_EQ(counts(nat, 0), Pair(0, 1));
  EXPECT_EQ(counts(dr, 0), Pair(1, 0));
}

// Data at 800 s makes it live until 1700 s and, with the wheel's slots of 16.4 s, up to 1716.4 s.
TEST(IpvsService, EveryPacketReArmsTheTimer) {
  Service service(config());
  service.add(server(1), at(0));
  const Connection connection = service.open(from(9), at(0)).connection;
  service.packet(connection, Packet::client_data, at(0.1));
  service.packet(connection, Packet::server_data, at(800));
  service.advance(at(1699));
  EXPECT_EQ(counts(service, 0), Pair(1, 0));
  service.advance(at(1717));
  EXPECT_EQ(counts(service, 0), Pair(0, 0));
  EXPECT_EQ(service.open_entries(), 0u);
}

TEST(IpvsService, AResetConnectionIsForgottenSoonerThanOneThatTimesOut) {
  Service service(config());
  service.add(server(1), at(0));
  const Connection connection = service.open(from(9), at(0)).connection;
  service.packet(connection, Packet::client_data, at(0));
  service.packet(connection, Packet::client_rst, at(5));
  service.advance(at(14.9));
  EXPECT_EQ(service.open_entries(), 1u);
  service.advance(at(15.3));
  EXPECT_EQ(service.open_entries(), 0u);
}

// Set at 4 connections, released below three quarters of 4.
TEST(IpvsLimits, AnOverloadedServerIsReleasedBelowThreeQuarters) {
  Service service(config());
  service.add(server(1, 1, 4), at(0));
  std::vector<Connection> open;
  for (std::uint32_t i = 0; i < 4; ++i) open.push_back(service.open(from(i), at(0)).connection);
  EXPECT_EQ(service.open(from(4), at(0)).server, kNoServer);
  service.packet(open[0], Packet::client_rst, at(0));
  service.advance(at(11));
  EXPECT_EQ(service.open(from(5), at(11)).server, kNoServer);  // 4 * 3 < 3 * 4 does not hold
  service.packet(open[1], Packet::client_rst, at(11));
  service.advance(at(22));
  EXPECT_NE(service.open(from(6), at(22)).server, kNoServer);
}

TEST(IpvsLimits, ALowerLimitReleasesBelowIt) {
  Service service(config());
  const ServerId id = service.add(server(1, 1, 4, 2), at(0));
  for (std::uint32_t i = 0; i < 4; ++i) service.open(from(i), at(0));
  service.edit(id, 1, 5, 2, at(1));  // 4 < 5 is not enough, as 4 >= 2
  EXPECT_EQ(service.open(from(9), at(1)).server, kNoServer);
  service.edit(id, 1, 5, 5, at(1));  // 4 < 5
  EXPECT_EQ(service.open(from(9), at(1)).server, id);
}

TEST(IpvsPersistence, AClientNetworkKeepsItsServerAlsoAtWeightZero) {
  ServiceConfig persistent = config();
  persistent.persistence = PersistenceConfig{.timeout_s = 60, .netmask = 0xFFFFFF00};
  Service service(persistent);
  service.add(server(1), at(0));
  service.add(server(2), at(0));
  const ServerId first = service.open(from(0x0A000001), at(0)).server;
  EXPECT_EQ(service.open(from(0x0A0000FE), at(1)).server, first);
  EXPECT_NE(service.open(from(0x0A000101), at(1)).server, first);
  service.set_weight(first, 0, at(2));
  EXPECT_EQ(service.open(from(0x0A000007), at(2)).server, first);
  service.remove(first, at(3));
  EXPECT_NE(service.open(from(0x0A000007), at(3)).server, first);
}

// The template's 20 s end while the connection is open, so it lives on for 60 s at a time.
TEST(IpvsPersistence, ATemplateOutlivesItsTimeoutWhileItsConnectionsAreOpen) {
  ServiceConfig persistent = config();
  persistent.persistence = PersistenceConfig{.timeout_s = 20};
  Service service(persistent);
  service.add(server(1), at(0));
  service.add(server(2), at(0));
  const auto held = service.open(from(5), at(0));
  service.packet(held.connection, Packet::client_data, at(0));
  EXPECT_EQ(service.open(from(5), at(70)).server, held.server);
  service.open(from(6), at(70));
  EXPECT_EQ(service.open(from(5), at(75)).server, held.server);
}

TEST(IpvsPersistence, NothingIsLeftWhenAllTimeoutsHavePassed) {
  ServiceConfig persistent = config();
  persistent.persistence = PersistenceConfig{.timeout_s = 20};
  Service service(persistent);
  service.add(server(1), at(0));
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto opened = service.open(from(i % 100), at(i * 0.1));
    service.packet(opened.connection, Packet::client_rst, at(i * 0.1));
  }
  service.advance(at(1000));
  EXPECT_EQ(service.open_entries(), 0u);
}

TEST(IpvsUdp, DatagramsOfOneSocketStayTogetherUnlessEachIsScheduled) {
  ServiceConfig udp = config();
  udp.protocol = Protocol::udp;
  udp.track_tuples = true;
  Service sticky(udp);
  udp.one_packet = true;
  Service spread(udp);
  for (Service* service : {&sticky, &spread}) {
    service->add(server(1), at(0));
    service->add(server(2), at(0));
  }
  const ServerId first = sticky.open(from(1), at(0)).server;
  EXPECT_EQ(sticky.open(from(1), at(1)).server, first);
  EXPECT_EQ(counts(sticky, first), Pair(0, 1));
  EXPECT_NE(spread.open(from(1), at(0)).server, spread.open(from(1), at(1)).server);
  EXPECT_EQ(spread.open_entries(), 0u);
}

// With wlc the old entry, still counted, makes the other server the lighter one.
TEST(IpvsReuse, ANewConnectionFromTheSamePortIsScheduledAnewWhileTheOldOneStillCounts) {
  ServiceConfig tracking = config(Mode::nat, "wlc");
  tracking.track_tuples = true;
  Service again(tracking);
  tracking.sysctl.conn_reuse_mode = 0;
  Service kept(tracking);
  for (Service* service : {&again, &kept}) {
    service->add(server(1), at(0));
    service->add(server(2), at(0));
    const auto old = service->open(from(1), at(0));
    EXPECT_EQ(old.server, 1u);
    service->packet(old.connection, Packet::client_data, at(0));
    service->packet(old.connection, Packet::client_rst, at(0));
  }
  EXPECT_EQ(again.open(from(1), at(1)).server, 0u);
  again.advance(at(1.01));
  EXPECT_EQ(counts(again, 1), Pair(0, 0));
  EXPECT_EQ(kept.open(from(1), at(1)).server, 1u);
  EXPECT_EQ(counts(kept, 1), Pair(1, 0));
}

TEST(IpvsService, SetTimeoutsHoldForTimersArmedLater) {
  Service service(config());
  service.add(server(1), at(0));
  const Connection old = service.open(from(1), at(0)).connection;
  service.packet(old, Packet::client_data, at(0));
  service.set_timeouts({.tcp_s = 30});
  const Connection late = service.open(from(2), at(1)).connection;
  service.packet(late, Packet::client_data, at(1));
  service.advance(at(35));
  EXPECT_EQ(counts(service, 0), Pair(1, 0));
}

TEST(IpvsService, AZeroTimeoutLeavesTheOldOne) {
  Service service(config());
  service.add(server(1), at(0));
  service.set_timeouts({.tcp_s = 0, .tcpfin_s = 5, .udp_s = 0});
  const Connection connection = service.open(from(1), at(0)).connection;
  service.packet(connection, Packet::client_data, at(0));
  service.advance(at(890));
  EXPECT_EQ(counts(service, 0), Pair(1, 0));
  service.packet(connection, Packet::server_fin, at(890));
  service.advance(at(896));
  EXPECT_EQ(service.open_entries(), 0u);
}

TEST(IpvsSysctl, ExpireNodestConnEndsAnEntryWithItsNextPacketAfterTheServerIsRemoved) {
  ServiceConfig expiring = config();
  expiring.sysctl.expire_nodest_conn = true;
  Service service(expiring);
  const ServerId id = service.add(server(1), at(0));
  const Connection connection = service.open(from(1), at(0)).connection;
  service.remove(id, at(1));
  EXPECT_EQ(service.packet(connection, Packet::client_data, at(2)), Service::Verdict::dropped);
  EXPECT_EQ(service.packet(connection, Packet::client_data, at(2.1)), Service::Verdict::no_entry);
}

TEST(IpvsSysctl, ExpireQuiescentTemplateFreesClientsOfAServerOfWeightZero) {
  ServiceConfig expiring = config();
  expiring.persistence = PersistenceConfig{.timeout_s = 60};
  expiring.sysctl.expire_quiescent_template = true;
  Service service(expiring);
  service.add(server(1), at(0));
  service.add(server(2), at(0));
  const ServerId first = service.open(from(1), at(0)).server;
  service.set_weight(first, 0, at(1));
  const ServerId second = service.open(from(1), at(1)).server;
  EXPECT_NE(second, first);
  service.set_weight(first, 1, at(2));
  EXPECT_EQ(service.open(from(1), at(2)).server, second);
}

// A template is ASSURED once one of its connections has been established.
TEST(IpvsPersistence, AHalfOpenConnectionDoesNotAssureItsTemplate) {
  ServiceConfig persistent = config();
  persistent.persistence = PersistenceConfig{.timeout_s = 60};
  persistent.track_tuples = true;
  Service service(persistent);
  service.add(server(1), at(0));
  const Connection connection = service.open(from(1), at(0)).connection;
  const auto template_state = [&] {
    for (const auto& entry : service.entries(at(0))) {
      if (entry.client_port == 0) return entry.state;
    }
    return State::close;
  };
  EXPECT_EQ(template_state(), State::none);
  service.packet(connection, Packet::client_data, at(0));
  EXPECT_EQ(template_state(), State::assured);
}

// 17,000 connections a second, each closed at once, for five minutes: an entry lives 122 s at most.
TEST(IpvsService, MemoryIsThatOfTheOpenAndTheClosingConnections) {
  Service service(config());
  service.add(server(1), at(0));
  Time now = at(0);
  for (int i = 0; i < 17000 * 300; ++i) {
    now += microseconds(59);
    const Connection connection = service.open(from(static_cast<std::uint32_t>(i)), now).connection;
    service.packet(connection, Packet::client_data, now);
    service.packet(connection, Packet::client_fin, now);
    service.packet(connection, Packet::server_fin, now);
  }
  const double most = 17000 * 122.1;
  EXPECT_LE(service.open_entries(), most);
  EXPECT_LE(static_cast<double>(service.table_bytes()), most * 16 * 1.02);
  service.advance(now + seconds(123));
  EXPECT_EQ(service.open_entries(), 0u);
}

}  // namespace
}  // namespace lbsim::algorithms::ipvs
