"""Lets CMake build the compiled part of the package; pyproject.toml says the rest.

LBSIM_BUILD names a CMake build folder that exists, to build there and not anew.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import setuptools
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent


class CMakeBuild(build_ext):
    def build_extension(self, extension):
        build = pathlib.Path(os.environ.get("LBSIM_BUILD") or self.build_temp).resolve()
        if not (build / "CMakeCache.txt").exists():
            options = ["-DCMAKE_BUILD_TYPE=Release", "-DLBSIM_TESTS=OFF", "-DLBSIM_UNITY=ON",
                       f"-DPython3_EXECUTABLE={sys.executable}"]
            subprocess.run(["cmake", "-S", ROOT, "-B", build, "-G", "Ninja", *options], check=True)
        subprocess.run(["cmake", "--build", build, "--target", "lbsim_python"], check=True)
        [module] = (build / "python" / "lbsim").glob("_core*.so")
        target = pathlib.Path(self.get_ext_fullpath(extension.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, target)


setuptools.setup(
    version=re.search(r"VERSION ([\d.]+) LANG", (ROOT / "CMakeLists.txt").read_text())[1],
    ext_modules=[setuptools.Extension("lbsim._core", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
)
