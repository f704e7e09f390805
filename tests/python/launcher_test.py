"""./lbsim, from outside: what it hands on, what it costs, what it says where it may not install.
Each test works on a copy of the launcher whose built program prints what it was given."""

import os
import shutil
import subprocess
import time

import pytest

PRINTS_ARGUMENTS = '#!/bin/sh\npwd\nprintf "<%s>" "$@"\nexit 3\n'


@pytest.fixture
def checkout(root, tmp_path):
    """A checkout in a path with spaces whose build is up to date."""
    place = tmp_path / "my projects" / "lbsim"
    shutil.copytree(root / "cmake", place / "cmake")
    (place / "sim" / "core").mkdir(parents=True)
    (place / "sim" / "core" / "time.hpp").touch()
    for name in ("lbsim", "CMakeLists.txt", "CMakePresets.json"):
        shutil.copy2(root / name, place / name)
    program = place / "build" / "release" / "lbsim"
    program.parent.mkdir(parents=True)
    program.write_text(PRINTS_ARGUMENTS)
    program.chmod(0o755)
    (program.parent / "launcher.stamp").touch()
    return place


def launch(checkout, *arguments, path=None, cwd="/"):
    env = {**os.environ, "PATH": path or os.environ["PATH"]}
    command = [str(checkout / "lbsim"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, timeout=60)


@pytest.fixture
def bare_machine(tmp_path):
    """A PATH with the tools of every Debian system, on which no package of ours is installed, and
    with an apt-get and a sudo that must not be called."""
    place = tmp_path / "bin"
    place.mkdir()
    tools = "awk bash cat dirname env find flock grep mkdir mktemp readlink rm sed sh touch"
    for name in tools.split():
        (place / name).symlink_to(shutil.which(name))
    forbidden = f'#!/bin/sh\necho "$0" >>"{tmp_path}/called"\nexit 1\n'
    none = "#!/bin/sh\nexit 1\n"
    for name, text in {"dpkg-query": none, "apt-get": forbidden, "sudo": forbidden}.items():
        (place / name).write_text(text)
        (place / name).chmod(0o755)
    yield str(place)
    assert not (tmp_path / "called").exists()


def test_arguments_folder_and_exit_code_pass_through_unharmed(checkout, tmp_path):
    done = launch(checkout, "run", "a b.toml", "", "--set", 'x="*"', cwd=tmp_path)
    assert done.stdout == f'{tmp_path}\n<run><a b.toml><><--set><x="*">'
    assert done.returncode == 3
    assert done.stderr == ""


def test_a_link_to_the_launcher_finds_its_checkout(checkout, tmp_path):
    link = tmp_path / "lbsim"
    link.symlink_to(checkout / "lbsim")
    assert subprocess.run([link, "x"], capture_output=True, text=True).stdout.endswith("<x>")


def test_no_install_is_not_handed_on(checkout):
    assert launch(checkout, "--no-install", "run").stdout == "/\n<run>"


def test_an_up_to_date_build_costs_less_than_a_tenth_of_a_second(root, checkout):
    shutil.copytree(root / "sim", checkout / "sim", dirs_exist_ok=True)
    (checkout / "build" / "release" / "launcher.stamp").touch()

    def seconds(command):
        times = []
        for _ in range(9):
            begin = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - begin)
        return min(times)

    program = checkout / "build" / "release" / "lbsim"
    assert seconds([checkout / "lbsim", "x"]) - seconds([program, "x"]) < 0.1


@pytest.mark.parametrize("change", ["edit", "new file", "removed file", "no program"])
def test_any_change_asks_for_a_build(checkout, bare_machine, change):
    stamp = checkout / "build" / "release" / "launcher.stamp"
    for path in [*checkout.rglob("*"), checkout]:
        os.utime(path, (1e9, 1e9))
    os.utime(stamp, (1e9 + 1, 1e9 + 1))
    assert launch(checkout, "x", path=bare_machine).returncode == 3  # as it is, it is current
    if change == "edit":
        (checkout / "sim" / "core" / "time.hpp").write_text("// later\n")
    elif change == "new file":
        (checkout / "sim" / "core" / "more.hpp").touch()
    elif change == "removed file":
        (checkout / "sim" / "core" / "time.hpp").unlink()
    else:
        (checkout / "build" / "release" / "lbsim").unlink()
    assert launch(checkout, "--no-install", "x", path=bare_machine).returncode == 2


def test_no_install_names_what_is_missing_and_exits_2(checkout, bare_machine):
    (checkout / "build" / "release" / "lbsim").unlink()
    done = launch(checkout, "--no-install", "run", path=bare_machine)
    assert done.returncode == 2
    assert done.stdout == ""
    for package in ("g++", "cmake", "ninja-build", "libsimgrid-dev"):
        assert package in done.stderr.split()
    assert not {"libgtest-dev", "nginx-light"} & set(done.stderr.split())


def test_packages_that_only_tests_need_are_none_that_start_services(root):
    """Debian's packages of daemons enable them at installation; those are unpacked instead."""
    rows = [line.split() for line in (root / "cmake" / "packages.txt").read_text().splitlines()]
    kinds = {row[1]: row[0] for row in rows if row and not row[0].startswith("#")}
    assert set(kinds.values()) == {"run", "test", "daemon"}
    for name in ("nginx-light", "haproxy", "bind9"):
        assert kinds[name] == "daemon"
