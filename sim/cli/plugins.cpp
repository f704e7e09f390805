#include "cli/plugins.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "algorithms/plugin.hpp"
#include "core/error.hpp"

namespace lbsim::cli {
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& message,
                       const std::string& hint = "") {
  throw InputError(Diagnostic{{}, 0, 0, "--plugin " + file, message, hint});
}

constexpr const char* kHowTo = "CONTRIBUTING.md, \"Your own algorithm\", shows a whole one";

// Without a slash the loader would look in the system's folders only.
void* open(const std::string& file) {
  if (!std::filesystem::is_regular_file(file)) fail(file, "there is no such file");
  void* handle = dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) fail(file, fmt::format("cannot be loaded: {}", dlerror()), kHowTo);
  return handle;
}

}  // namespace

void load_plugin(const std::string& file) {
  void* handle = open(file);
  const auto abi = reinterpret_cast<std::uint64_t (*)()>(dlsym(handle, "lbsim_plugin_abi"));
  const auto add =
      reinterpret_cast<void (*)(algorithms::PluginRegistry&)>(dlsym(handle, "lbsim_plugin"));
  if (!abi || !add) fail(file, "is no plugin: it has no LBSIM_PLUGIN", kHowTo);
  if (abi() != algorithms::kPluginAbi) {
    fail(file, "was built for another version of lbsim",
         "build it with the headers of lbsim " LBSIM_VERSION);
  }
  try {
    algorithms::PluginRegistry registry;
    add(registry);
    if (registry.count() == 0) fail(file, "adds no algorithm", kHowTo);
  } catch (const InputError& error) {
    const Diagnostic& first = error.diagnostics().front();
    if (first.field.starts_with("--plugin ")) throw;
    fail(file, first.field + ' ' + first.message, first.hint);
  } catch (const std::exception& error) {
    fail(file, fmt::format("failed: {}", error.what()));
  } catch (...) {
    fail(file, "failed with an exception that is no std::exception");
  }
}

void declare_plugins(CLI::App& app, std::vector<std::string>* loaded) {
  app.add_option_function<std::vector<std::string>>(
         "--plugin",
         [loaded](const std::vector<std::string>& files) {
           for (const std::string& file : files) load_plugin(file);
           if (loaded != nullptr) *loaded = files;
         },
         "a shared object with algorithms of your own")
      ->allow_extra_args(false);
}

}  // namespace lbsim::cli
