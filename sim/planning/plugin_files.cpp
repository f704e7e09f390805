#include "planning/plugin_files.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "algorithms/plugin.hpp"
#include "core/error.hpp"

namespace lbsim::planning {
namespace {

[[noreturn]] void fail_plugin(const std::string& file, const std::string& message,
                              const std::string& hint = "") {
  throw InputError(Diagnostic{{}, 0, 0, "--plugin " + file, message, hint});
}

constexpr const char* kPluginHowTo = "CONTRIBUTING.md, \"Your own algorithm\", shows a whole one";

// Without a slash the loader would look in the system's folders only.
void* open_plugin(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) fail_plugin(file, "there is no such file");
  void* handle = dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) fail_plugin(file, fmt::format("cannot be loaded: {}", dlerror()), kPluginHowTo);
  return handle;
}

}  // namespace

void load_plugin(const std::string& file) {
  static std::set<void*> loaded;
  void* handle = open_plugin(file);
  if (loaded.count(handle) != 0) return;
  const auto abi = reinterpret_cast<std::uint64_t (*)()>(dlsym(handle, "lbsim_plugin_abi"));
  const auto add =
      reinterpret_cast<void (*)(algorithms::PluginRegistry&)>(dlsym(handle, "lbsim_plugin"));
  if (!abi || !add) fail_plugin(file, "is no plugin: it has no LBSIM_PLUGIN", kPluginHowTo);
  if (abi() != algorithms::kPluginAbi) {
    fail_plugin(file, "was built for another version of lbsim",
                "build it with the headers of the lbsim that loads it");
  }
  try {
    algorithms::PluginRegistry registry;
    add(registry);
    if (registry.count() == 0) fail_plugin(file, "adds no algorithm", kPluginHowTo);
    loaded.insert(handle);
  } catch (const InputError& error) {
    const Diagnostic& first = error.diagnostics().front();
    if (first.field.starts_with("--plugin ")) throw;
    fail_plugin(file, first.field + ' ' + first.message, first.hint);
  } catch (const std::exception& error) {
    fail_plugin(file, fmt::format("failed: {}", error.what()));
  } catch (...) {
    fail_plugin(file, "failed with an exception that is no std::exception");
  }
}

}  // namespace lbsim::planning
