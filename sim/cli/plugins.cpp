#include "cli/plugins.hpp"

#include "planning/plugin_files.hpp"

namespace lbsim::cli {

void declare_plugins(CLI::App& app, std::vector<std::string>* loaded) {
  app.add_option_function<std::vector<std::string>>(
         "--plugin",
         [loaded](const std::vector<std::string>& files) {
           for (const std::string& file : files) planning::load_plugin(file);
           if (loaded != nullptr) *loaded = files;
         },
         "a shared object with algorithms of your own")
      ->allow_extra_args(false);
}

}  // namespace lbsim::cli
