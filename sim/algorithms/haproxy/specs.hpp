// The catalog entries of the family, in the order of HAProxy's manual.
#pragma once

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::haproxy {

AlgorithmSpec roundrobin_spec();
AlgorithmSpec static_rr_spec();
AlgorithmSpec leastconn_spec();
AlgorithmSpec first_spec();
AlgorithmSpec hash_expression_spec();
AlgorithmSpec source_spec();
AlgorithmSpec uri_spec();
AlgorithmSpec url_param_spec();
AlgorithmSpec hdr_spec();
AlgorithmSpec random_spec();
AlgorithmSpec rdp_cookie_spec();

}  // namespace lbsim::algorithms::haproxy
