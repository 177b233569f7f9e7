"""Vyper sources to artifacts. The only file that imports the compiler."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.labelling import labelled
from dexsim.artifacts.missing_modules import MissingModule, folders
from dexsim.artifacts.source_map import CodeMap, SourceFile, SourceMap, Span
from dexsim.artifacts.source_tree import functions_of
from dexsim.errors import ArtifactError

EVM_VERSION = "cancun"
"""The hard fork that contracts are compiled for, and that engines run by default."""

_VERSION_PRAGMA = re.compile(r"^\s*#\s*(pragma\s+version|@version)")

_OUTPUTS = ["abi", "bytecode", "bytecode_runtime", "layout"]


def compile_file(path: Path) -> Artifact:
    """Compile one Vyper contract with everything that it imports.

    Raises ArtifactError with the file, the line and the compiler's message.
    """
    outputs, files = _compile(path, _OUTPUTS)
    return _artifact(path.stem, outputs, _source_hashes([path.resolve(), *files.values()]))


def map_sources(path: Path, *, bytecode: bytes | None = None) -> SourceMap:
    """Where each instruction of a contract's code comes from, as `compile_file` compiles it.

    bytecode: the creation code that the map is for. Raises ArtifactError with the file, the
    line and the compiler's message, or when this compiler makes another code.
    """
    outputs, files = _compile(path, ["bytecode", "source_map", "source_map_runtime"], labels=True)
    if bytecode is not None and outputs["bytecode"] != "0x" + bytecode.hex():
        raise ArtifactError(f"{path}: this compiler makes another code of it")
    return SourceMap(
        files={number: read_source(file, number) for number, file in files.items()},
        creation=_code_map(outputs["source_map"]),
        runtime=_code_map(outputs["source_map_runtime"]),
    )


def _compile(
    path: Path, formats: list[str], *, labels: bool = False
) -> tuple[dict[str, Any], dict[int, Path]]:
    """The compiler's outputs, and the files that it read by the numbers it gave them."""
    from vyper.compiler import outputs_from_compiler_data
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.phases import CompilerData
    from vyper.compiler.settings import Settings
    from vyper.exceptions import ModuleNotFound, VersionException, VyperException

    files: dict[int, Path] = {}
    sought: list[Path] = []

    class RecordingBundle(FilesystemInputBundle):  # type: ignore[misc, unused-ignore]
        """Notes which files the compiler reads, and where it looked for what is not there."""

        def load_file(self, path: Any) -> Any:
            try:
                return super().load_file(path)
            except FileNotFoundError:
                if PurePath(path).suffix == ".json":  # after .vy and .vyi: it is nowhere
                    sought.extend(Path(folder, path) for folder in reversed(self.search_paths))
                raise

        def _load_from_path(self, resolved_path: Any, original_path: Any) -> Any:
            found = super()._load_from_path(resolved_path, original_path)
            files[found.source_id] = Path(resolved_path)
            return found

    bundle = RecordingBundle([path.resolve().parent])
    try:
        data = (_labelling_compiler() if labels else CompilerData)(
            bundle.load_file(PurePath(path.name)),
            bundle,
            settings=Settings(evm_version=EVM_VERSION),
            no_bytecode_metadata=True,
        )
        outputs: dict[str, Any] = outputs_from_compiler_data(data, formats)
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{path}: cannot be read: {error}") from None
    except VersionException as error:
        raise ArtifactError(_version_needed(path, error)) from None
    except ModuleNotFound as error:
        raise _missing_module(path, error, sought) from None
    except VyperException as error:
        raise ArtifactError(_complaint(path, error)) from None
    except SyntaxError as error:
        raise ArtifactError(f"{path}:{error.lineno}: {error.msg}") from None
    except ValueError as error:  # of the compiler's settings, as against the source's pragmas
        raise ArtifactError(_conflict(path, error)) from None
    except (RecursionError, AssertionError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{path}: the compiler failed: {type(error).__name__}: {error}"
        ) from error
    return outputs, files


def _labelling_compiler() -> Any:
    """The compiler, whose intermediate code says rightly where it comes from."""
    from vyper.codegen import core, module
    from vyper.compiler import phases
    from vyper.compiler.settings import anchor_settings, should_run_legacy_optimizer
    from vyper.ir import compile_ir, optimizer

    class Labelling(phases.CompilerData):  # type: ignore[misc, unused-ignore]
        """The same code: only the origins of the instructions differ."""

        @cached_property
        def _ir_output(self) -> tuple[Any, Any]:
            core.reset_names()
            compile_ir.reset_symbols()
            with anchor_settings(self.settings):
                codes = module.generate_ir_for_module(self.global_ctx)
            found = [labelled(code) for code in codes]
            if should_run_legacy_optimizer(self.settings):
                found = [optimizer.optimize(code) for code in found]
            return found[0], found[1]

    return Labelling


def read_source(path: Path, number: int = 0) -> SourceFile:
    """Functions and statements of one file, what it imports left alone. number: of the file in spans.

    Raises ArtifactError with the file, the line and the compiler's message.
    """
    outputs, _ = _compile(path, ["ast_dict"])
    functions = functions_of(outputs["ast_dict"], number)
    return SourceFile(path=path, text=path.read_text(), functions=functions)


def _code_map(output: dict[str, Any]) -> CodeMap:
    # pc_pos_map has the lines, pc_ast_map the files; the compiler's own code has no lines.
    files = output["pc_ast_map"]
    spans = {
        position: Span(files[position][0], *place)
        for position, place in output["pc_pos_map"].items()
        if place is not None and files[position][0] >= 0
    }
    return CodeMap(spans=spans, checks=dict(output["error_map"]))


def _complaint(path: Path, error: Any) -> str:
    """The compiler's message with the place in front, as editors understand it."""
    place, line = _place(path, error)
    message = str(error).strip() or type(error).__name__
    return f"{place}:{line}: {message}" if line else f"{place}: {message}"


def _conflict(path: Path, error: Exception) -> str:
    """The compiler's conclusion, of a message that first shows all settings; its place is the pragma."""
    told = (str(error).strip().splitlines() or [type(error).__name__])[-1].strip("()")
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    line = next((f":{number}" for number, text in lines if "pragma evm-version" in text), "")
    return f"{path}{line}: {told}"


def _missing_module(path: Path, error: Any, sought: list[Path]) -> ArtifactError:
    """With the folders that were looked in; of a built-in module with the compiler's hint, if any."""
    place, line = _place(path, error)
    if sought:
        told = folders(error.message, sought) + (f"; {error.hint}" if error.hint else "")
        return MissingModule(place, line, error.message, told)
    hint = error.hint or "the compiler has none of that name"
    return ArtifactError(f"{place}:{line}: module {error.message} not found; {hint}")


def _place(path: Path, error: Any) -> tuple[str, int]:
    """File and line that the compiler complains of; line 0 where it names none."""
    node = _first_node(error)
    line = getattr(error, "lineno", None) or getattr(node, "lineno", None) or 0
    module = getattr(node, "module_node", None)
    place = getattr(error, "resolved_path", None) or getattr(module, "resolved_path", None) or path
    return str(place), line


def _version_needed(path: Path, error: Any) -> str:
    """One sentence: which version a pragma asks for, as it is written, and which there is."""
    from vyper import __version__ as version

    pragma = _first_node(error)
    line = pragma.full_source_code.splitlines()[pragma.lineno - 1]
    needed = _VERSION_PRAGMA.sub("", line).strip() or "of no version"
    place = f"{getattr(error, 'resolved_path', None) or path}:{pragma.lineno}"
    return f"{place}: needs Vyper {needed}, and {version.split('+')[0]} is installed"


def _first_node(error: Any) -> Any:
    """The piece of source that the compiler complains of, where it names one."""
    for note in getattr(error, "annotations", None) or ():
        node = note[1] if isinstance(note, tuple) else note
        if getattr(node, "lineno", None) is not None:
            return node
    return None


def _artifact(name: str, outputs: dict[str, Any], sources: dict[str, str]) -> Artifact:
    from vyper import __version__ as version

    return Artifact(
        name=name,
        abi=tuple(outputs["abi"]),
        bytecode=bytes.fromhex(outputs["bytecode"].removeprefix("0x")),
        runtime=bytes.fromhex(outputs["bytecode_runtime"].removeprefix("0x")),
        compiler=f"vyper {version.split('+')[0]}",
        evm_version=EVM_VERSION,
        sources=sources,
        layout=dict(outputs["layout"]),
    )


def _source_hashes(files: list[Path]) -> dict[str, str]:
    """SHA-256 by path relative to the first file's folder, modules above it (`from ..x`) included."""
    folder = files[0].parent
    return {
        Path(os.path.relpath(file, folder)).as_posix(): hashlib.sha256(
            file.read_bytes()
        ).hexdigest()
        for file in dict.fromkeys(file.resolve() for file in files)
    }
