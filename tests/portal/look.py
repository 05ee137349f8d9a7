"""Looks at a page as a machine can: axe's rules in both themes, and our own about sizes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Page

_AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
_SERIOUS = ("serious", "critical")
_RUN = """async (only) => {
    const options = { resultTypes: ["violations"], ...(only ? { runOnly: { type: "rule", values: [only] } } : {}) };
    const { violations } = await window.axe.run(document, options);
    const where = (nodes) => nodes.map((node) => node.html.slice(0, 160)).join(" | ");
    return violations.map(({ id, impact, nodes }) => [id, impact, where(nodes)]);
}"""
_TOO_SMALL = """() => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && element.getBoundingClientRect().width > 1;
    const name = (element) => element.outerHTML.slice(0, 120);
    const texts = [...document.body.querySelectorAll("*")].filter((element) =>
        !element.closest("svg, .visually-hidden, noscript") && shown(element)
        && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
    const small = texts.filter((element) => parseFloat(getComputedStyle(element).fontSize) < 14);
    const targets = [...document.querySelectorAll("button, a[href], select, input:not([type=radio], [type=checkbox])")];
    const tight = targets.filter((element) => shown(element) && !element.closest(".skip-link")
        && Math.min(element.getBoundingClientRect().height, element.getBoundingClientRect().width) < 35.5);
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return [...small.map((element) => `text below 14 px: ${name(element)}`),
        ...tight.map((element) => `target below 36 px: ${name(element)}`),
        ...(wide > 0 ? [`scrolls sideways by ${wide} px`] : [])];
}"""


@dataclass
class Look:
    """Collects what is wrong at each state of a page, so that one walk finds everything."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    async def at(self, state: str) -> None:
        """Look at the page as it is now: all rules in the light theme, the contrasts in the dark one, and the sizes."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(_AXE.read_text() + ";0")
        await self._axe(state, None)
        # A colour on its way to another has neither's contrast.
        await self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await self._axe(f"{state}, dark", "color-contrast")
        await self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        await self.sizes(state)

    async def sizes(self, state: str) -> None:
        """Texts of at least 14 px, targets of at least 36 px, and nothing to scroll sideways."""
        found: list[str] = await self.page.evaluate(_TOO_SMALL)
        self.wrong += [f"{state}: {what}" for what in found]

    async def _axe(self, state: str, only: str | None) -> None:
        found: list[list[Any]] = await self.page.evaluate(_RUN, only)
        self.wrong += [f"{state}: {rule} ({impact}) {where}" for rule, impact, where in found if impact in _SERIOUS]
