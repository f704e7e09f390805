"""The notebooks run as they stand, and none keeps what it printed. Their long forms (FULL=1, eight
minutes of processor time in all) run in `./test --full`."""

import os
import pathlib

import pytest

NOTEBOOKS = sorted((pathlib.Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
LIMIT_S = 20  # of processor time; other tests run at the same time


def read(path):
    import nbformat

    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module", autouse=True)
def environment(package_of_build, full):
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = str(package_of_build)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    os.environ["FULL"] = "1" if full else "0"
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def package_of_build(build):
    return build / "python"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path, full):
    import nbclient

    notebook = read(path)
    began = os.times()
    client = nbclient.NotebookClient(notebook, timeout=3600, kernel_name="python3",
                                     resources={"metadata": {"path": path.parent}})
    client.execute()
    ended = os.times()
    spent_s = ended.children_user + ended.children_system
    spent_s -= began.children_user + began.children_system
    assert spent_s < LIMIT_S or full
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in shown) or "trust" in path.stem
    assert not any("Warning" in output.get("text", "") for output in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_has_a_long_form(path):
    assert "FULL=1" in path.read_text() and "if full else" in path.read_text()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_keeps_no_output_and_is_thin(path):
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert notebook.cells[0].cell_type == "markdown" and len(code) < 20
    assert max(len(cell.source.splitlines()) for cell in code) <= 25


def trust(name):
    """What a notebook's cell gives, by a variable of it."""
    import nbclient

    [path] = [path for path in NOTEBOOKS if "trust" in path.stem]
    notebook = read(path)
    notebook.cells[-1].source += f"\nprint('{name}', repr({name}))"
    nbclient.NotebookClient(notebook, timeout=300,
                            resources={"metadata": {"path": path.parent}}).execute()
    text = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
    return float(text.split(name)[1])


def test_the_queue_of_the_notebook_is_as_theory_says():
    """100 ms (1/(1 - 0.6) - 1/(1 - 0.2)) = 125 ms. The standard error of the busier mean over
    150,000 users is 2.5 ms (Whitt, "Planning queueing simulations", 1989, equation 16)."""
    assert trust("simulated") == pytest.approx(125, abs=4 * 2.5)


def test_there_are_the_notebooks_that_the_map_names():
    names = [path.stem[:2] for path in NOTEBOOKS]
    assert names == ["01", "02", "03", "04", "05", "06", "07"]
