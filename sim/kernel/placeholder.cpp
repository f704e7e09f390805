namespace lbsim {}
