"""The sandbox as tests use it."""

from pathlib import Path

from sandbox.process import SandboxProcess

ROOT = Path(__file__).resolve().parent.parent

__all__ = ["ROOT", "SandboxProcess"]
