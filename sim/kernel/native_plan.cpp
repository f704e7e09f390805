// Which links hang together, and which of these components are stars. Where the topology as a whole
// is none, it may still be one of the links that can bind: then only those count, from the first
// time that they can. They are forgotten when it does not help, and they could not bind by far.
#include <algorithm>
#include <numeric>

#include "kernel/native_sharing.hpp"

namespace lbsim::kernel {
namespace {

std::uint32_t find(std::vector<std::uint32_t>& parent, std::uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

}  // namespace

void BandwidthShares::find_components() {
  planned_ = true;
  std::vector<std::uint32_t> set(links_.size());
  std::iota(set.begin(), set.end(), 0U);
  for (const Path& path : paths_) {
    for (const std::uint32_t link : links_of(path)) {
      set[find(set, link)] = find(set, links_of(path)[0]);
    }
  }
  std::vector<std::uint32_t> component_of(links_.size(), kNowhere);
  components_.clear();
  for (std::uint32_t id = 1; id < links_.size(); ++id) {
    std::uint32_t& component = component_of[find(set, id)];
    if (component == kNowhere) {
      component = static_cast<std::uint32_t>(components_.size());
      components_.push_back({.links = {}, .paths = {}, .replan = true});
    }
    links_[id].component = component;
    links_[id].candidate = true;
    components_[component].links.push_back(id);
    mark_dirty(id);
  }
  for (std::uint32_t id = 0; id < paths_.size(); ++id) {
    const Path& path = paths_[id];
    if (path.links > 0) components_[links_[links_of(path)[0]].component].paths.push_back(id);
  }
}

// Looks for reasons to plan anew among the dirty links.
void BandwidthShares::plan() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    Link& link = links_[dirty_[i]];
    Component& component = components_[link.component];
    component.dirty = true;
    if (component.selective && !link.candidate && can_bind(link)) {
      link.candidate = true;
      component.replan = true;
    }
    if (component.replan) plan(component);
  }
}

void BandwidthShares::plan(Component& component) {
  component.replan = false;
  component.star = assign_roles(component);
  if (!component.star) {
    for (const std::uint32_t id : component.links) {
      Link& link = links_[id];
      link.candidate =
          component.selective ? link.candidate && link.demand * 2 > link.capacity : can_bind(link);
    }
    component.selective = true;
    component.star = assign_roles(component);
  }
  if (component.star) {
    assign_homes(component);
    return enter_star(component);
  }
  for (const std::uint32_t id : component.links) links_[id].role = Role::none;
}

bool BandwidthShares::assign_roles(const Component& component) {
  for (const std::uint32_t id : component.links) {
    if (!assign_role(id)) return false;
  }
  for (const std::uint32_t id : component.links) {
    Link& link = links_[id];
    if (link.role != Role::leaf) continue;
    Link& parent = links_[link.parent];
    if (parent.role == Role::leaf) parent.role = Role::root;  // they have only each other
  }
  for (const std::uint32_t id : component.paths) {
    std::size_t roots = 0;
    for (const std::uint32_t link : links_of(paths_[id])) roots += links_[link].role == Role::root;
    if (roots > 1) return false;
  }
  return true;
}

// A leaf has exactly one other candidate on all its paths. False: a path has three candidates.
bool BandwidthShares::assign_role(std::uint32_t id) {
  Link& link = links_[id];
  link.role = Role::none;
  link.parent = kCap;
  if (!link.candidate) return true;
  link.role = Role::leaf;
  for (const std::uint32_t path : link_paths_[id]) {
    std::uint32_t other = kCap;
    for (const std::uint32_t on_path : links_of(paths_[path])) {
      if (on_path == id || !links_[on_path].candidate) continue;
      if (other != kCap) return false;
      other = on_path;
    }
    if (other == kCap || (link.parent != kCap && link.parent != other)) link.role = Role::root;
    link.parent = other;
  }
  if (link.parent == kCap) link.role = Role::root;
  return true;
}

void BandwidthShares::assign_homes(const Component& component) {
  for (const std::uint32_t id : component.paths) {
    Path& path = paths_[id];
    path.home = kCap;
    for (const std::uint32_t link : links_of(path)) {
      if (links_[link].role == Role::root) path.home = link;
    }
  }
}

}  // namespace lbsim::kernel
