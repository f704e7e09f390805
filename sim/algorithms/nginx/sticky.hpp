// The directive `sticky` of nginx's commercial version: a client's requests go to the server of its
// first, whatever the method. A bound server that cannot take the request is passed over, as if
// the client had not been bound yet.
//
//   cookie NAME [expires=TIME] [domain=D] [path=P] [httponly] [secure] [samesite=S]
//     the balancer's own cookie names the server: set_cookie() says with what text
//   route $VARIABLE ...
//     the first variable that is not empty has the server's route
//   learn create=$VARIABLE lookup=$VARIABLE zone=NAME:SIZE [timeout=TIME] [header]
//     sessions that servers begin, kept in a table; a variable $upstream_cookie_NAME is in the
//     response, and told by session_created()
//
// A server's route is its ServerConfig::cookie, else the MD5 of its address as hexadecimal digits.
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#sticky
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/sessions.hpp"

namespace lbsim::algorithms::nginx {

// Where a request says which server it belongs to.
class Binding {
 public:
  virtual ~Binding() = default;
  virtual ServerId find(const Request& request, Time now) = 0;  // kNoServer: not bound
};

class Sticky final : public Upstream {
 public:
  // `directive`: the words after `sticky`. Throws InputError.
  Sticky(std::unique_ptr<Pool> pool, const std::string& directive,
         const std::vector<ServerConfig>& servers);

  Pick begin(const Request& request, Attempt& attempt, Time now) override;
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;
  void header(Attempt& attempt, Time now) override;
  void end(Attempt& attempt, Result result, Time now) override;
  void abandon(std::uint64_t ticket, Time now) override { pool_->abandon(ticket, now); }
  void set_health(ServerId s, bool up, Time now) override { pool_->set_health(s, up, now); }
  void set_admin(ServerId s, AdminState state, Time now) override {
    pool_->set_admin(s, state, now);
  }
  void set_weight(ServerId s, int weight, Time now) override { pool_->set_weight(s, weight, now); }
  std::size_t size() const override { return pool_->size(); }
  std::string describe() const override { return pool_->describe(); }

  // The value of the Set-Cookie header of a response from `server`; empty but with `cookie`.
  std::string set_cookie(ServerId server) const;
  // A response from `server` had this in the variable that `create` names.
  void session_created(ServerId server, std::string_view session, Time now);

 private:
  // A request that begins a session when it is answered, if its key is not empty.
  struct Open {
    std::uint32_t memory = 0;  // the pool's
    std::string key;
  };

  void read_cookie(const std::vector<std::string>& words);
  void read_route(const std::vector<std::string>& words);
  void read_learn(const std::vector<std::string>& words);
  void answered(Open& open, ServerId server, Time now);
  void close(Attempt& attempt);

  std::unique_ptr<Pool> pool_;
  std::vector<std::string> routes_;  // by ServerId
  std::unique_ptr<Binding> binding_;
  std::string cookie_name_;
  std::string cookie_attributes_;
  Sessions* sessions_ = nullptr;  // the binding, with `learn`
  std::vector<Key> create_;       // what of a request names the session; empty: nothing
  bool create_at_header_ = false;
  std::vector<Open> open_;  // by Attempt::memory - 1, where create_ is not empty
  std::vector<std::uint32_t> free_;
};

}  // namespace lbsim::algorithms::nginx
