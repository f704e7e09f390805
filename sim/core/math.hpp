// log, exp and the inverse normal distribution with the same bits on every processor and compiler:
// only IEEE additions, multiplications and divisions in a fixed order (built with
// -ffp-contract=off). The C library's differ between its FMA and non-FMA variants.
#pragma once

namespace lbsim {

// Natural logarithm, within 1 ulp. log(0) = -inf, log(negative) = NaN.
double exact_log(double x);

// e^x, within 1 ulp.
double exact_exp(double x);

// x^y for x > 0, through log and exp (relative error about |y log x| ulp).
double exact_pow(double x, double y);

// Standard normal quantile, p in (0, 1). Wichura, Algorithm AS 241 (PPND16), Applied Statistics
// 37 (1988) 477-484; relative error about 1e-16.
double normal_quantile(double p);

}  // namespace lbsim
