// Files are written whole or not at all: into a temporary one beside the target, then renamed.
#pragma once

#include <string>

namespace lbsim {

// "-" is standard output. Throws InputError naming `field` when the file cannot be written.
void write_file(const std::string& path, const std::string& text, const std::string& field);

// Throws InputError unless write_file() would find the folder there and writable: call it before
// long work.
void require_writable(const std::string& path, const std::string& field);

}  // namespace lbsim
